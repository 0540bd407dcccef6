package dev.eddy.jobs.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.eddy.model.rules.BytecodeRules;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The walls of jobs, as docs/architecture.md draws them. */
class ArchitectureTest {
  private static final String ROOT = "dev.eddy.jobs.";

  /** What each package may use of jobs, besides itself. */
  private static final Map<String, List<String>> MAY_USE =
      Map.ofEntries(
          entry("config", List.of()),
          entry("io", List.of("config")),
          entry("registry", List.of("config", "io")),
          entry("state", List.of("io", "registry")),
          entry("serve", List.of("config", "io", "registry", "state")),
          entry("forecast", List.of("config", "io", "registry", "state", "serve")),
          entry("history", List.of("config", "io")),
          entry("train", List.of("config", "io", "registry", "history")),
          entry("embedded", List.of("config")),
          entry("terminal", List.of("train")),
          entry("report", List.of("train")),
          entry(
              "demo",
              List.of(
                  "config",
                  "io",
                  "registry",
                  "forecast",
                  "history",
                  "train",
                  "embedded",
                  "terminal")),
          entry(
              "cli",
              List.of(
                  "config",
                  "io",
                  "registry",
                  "forecast",
                  "history",
                  "train",
                  "embedded",
                  "terminal",
                  "report",
                  "demo")));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.eddy.jobs");

  @Test
  void packagesKeepTheirWalls() {
    MAY_USE.forEach((name, uses) -> wall(name, uses).check(CLASSES));
  }

  @Test
  void everyPackageStandsInTheDrawing() {
    List<String> found =
        CLASSES.stream()
            .map(type -> type.getPackageName().substring(ROOT.length()).split("\\.")[0])
            .distinct()
            .toList();
    assertThat(found).isSubsetOf(MAY_USE.keySet());
  }

  @Test
  void arithmeticIsTheCoresBusiness() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.eddy.model.optim..", "dev.eddy.model.seq..", "jdk.incubator..", "org.ejml..")
        .check(CLASSES);
    BytecodeRules.onlyExactMath().check(CLASSES);
    BytecodeRules.noJavaDeserialisation().check(CLASSES);
  }

  @Test
  void flinksInternalsStayInServe() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "serve..", ROOT + "embedded..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("org.apache.flink.streaming.api.operators.AbstractStreamOperator")
        .check(CLASSES);
  }

  @Test
  void everyPackageHasAPageOfItsOwn() {
    List<String> packages = CLASSES.stream().map(JavaClass::getPackageName).distinct().toList();
    assertThat(packages)
        .allSatisfy(
            name ->
                assertThat(Path.of("src/main/java", name.split("\\.")).resolve("package-info.java"))
                    .exists());
  }

  @Test
  void testsAwaitConditionsInsteadOfSleeping() {
    noClasses()
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .check(
            new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
                .importPackages("dev.eddy"));
  }

  @Test
  void theRulesCanFail() {
    assertThatThrownBy(() -> wall("cli", List.of()).check(CLASSES))
        .isInstanceOf(AssertionError.class);
  }

  private static ArchRule wall(String name, List<String> uses) {
    String[] others =
        MAY_USE.keySet().stream()
            .filter(other -> !other.equals(name) && !uses.contains(other))
            .map(other -> ROOT + other + "..")
            .toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage(ROOT + name + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others)
        .allowEmptyShould(true)
        .as("package " + name + " uses only " + uses);
  }
}
