package dev.eddy.model.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The walls of model-core, as docs/architecture.md draws them. */
class ArchitectureTest {
  private static final String ROOT = "dev.eddy.model.";

  /** What each package may use, besides itself and the JDK. */
  private static final Map<String, List<String>> MAY_USE =
      Map.ofEntries(
          Map.entry("kernel", List.of()),
          Map.entry("seq", List.of("kernel")),
          Map.entry("layer", List.of("kernel", "seq")),
          Map.entry("net", List.of("kernel", "seq", "layer")),
          Map.entry("loss", List.of("kernel", "seq", "layer", "net")),
          Map.entry("decode", List.of("kernel", "seq", "layer", "net", "loss")),
          Map.entry("optim", List.of("kernel", "seq", "layer", "net", "loss")),
          Map.entry("data", List.of("kernel", "seq")),
          Map.entry("train", List.of("kernel", "seq", "layer", "net", "loss", "optim")),
          Map.entry(
              "task",
              List.of("kernel", "seq", "layer", "net", "loss", "decode", "optim", "data", "train")),
          Map.entry(
              "model",
              List.of(
                  "kernel", "seq", "layer", "net", "loss", "decode", "optim", "data", "train",
                  "task")));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.eddy.model");

  @Test
  void packagesUseOnlyThoseToTheirLeft() {
    MAY_USE.forEach((name, uses) -> wall(name, uses).check(CLASSES));
  }

  @Test
  void everyPackageStandsInTheOrder() {
    List<String> found =
        CLASSES.stream()
            .map(type -> type.getPackageName().substring(ROOT.length()).split("\\.")[0])
            .distinct()
            .toList();
    assertThat(found).isSubsetOf(withEval());
  }

  @Test
  void knowsNoFlinkNoKafkaAndNoVectorModule() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.flink..", "org.apache.kafka..", "jdk.incubator..")
        .check(CLASSES);
  }

  @Test
  void onlyExactMath() {
    BytecodeRules.onlyExactMath().check(CLASSES);
    BytecodeRules.noJavaDeserialisation().check(CLASSES);
  }

  @Test
  void everyPackageHasAPageOfItsOwn() {
    List<String> packages = CLASSES.stream().map(JavaClass::getPackageName).distinct().toList();
    assertThat(packages)
        .allSatisfy(
            name ->
                assertThat(
                        java.nio.file.Path.of("src/main/java", name.split("\\."))
                            .resolve("package-info.java"))
                    .exists());
  }

  @Test
  void theRulesCanFail() {
    JavaClasses guilty = new ClassFileImporter().importClasses(Guilty.class);
    assertThatThrownBy(() -> BytecodeRules.onlyExactMath().check(guilty))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Math.tanh");
    assertThatThrownBy(() -> BytecodeRules.noJavaDeserialisation().check(guilty))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> wall("layer", List.of()).check(CLASSES))
        .isInstanceOf(AssertionError.class);
  }

  private static ArchRule wall(String name, List<String> uses) {
    String[] others =
        withEval().stream()
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

  private static List<String> withEval() {
    return java.util.stream.Stream.concat(
            MAY_USE.keySet().stream(), java.util.stream.Stream.of("eval"))
        .toList();
  }

  /** Breaks the rules on purpose. */
  static final class Guilty {
    static double inexact(double x) {
      return Math.tanh(x);
    }

    static Object unsafe(java.io.ObjectInputStream in) throws Exception {
      return in.readObject();
    }
  }
}
