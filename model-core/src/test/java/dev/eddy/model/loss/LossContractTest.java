package dev.eddy.model.loss;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.eddy.model.kernel.PortableKernels;
import dev.eddy.model.testing.LossCase;
import dev.eddy.model.testing.LossCases;
import dev.eddy.model.testing.LossContract;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every loss on the classpath keeps the contract. */
class LossContractTest {

  @TestFactory
  Stream<DynamicTest> everyCaseKeepsTheContract() {
    return LossCases.all().stream()
        .flatMap(loss -> LossContract.tests(loss, new PortableKernels()));
  }

  @Test
  void everyLossIsRegisteredAndHasACase() {
    List<String> losses =
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.eddy.model")
                .stream()
                .filter(type -> type.isAssignableTo(Loss.class) && !type.isInterface())
                .map(JavaClass::getName)
                .toList();
    assertThat(losses).isNotEmpty();
    assertThat(LossKinds.all().values().stream().map(Class::getName))
        .as("LossKinds lists every Loss")
        .containsExactlyInAnyOrderElementsOf(losses);
    assertThat(LossCases.all().stream().map(c -> c.loss().getClass().getName()).distinct())
        .as("LossCases has a case for every Loss")
        .containsExactlyInAnyOrderElementsOf(losses);
    assertThat(LossCases.all())
        .allSatisfy(
            c -> assertThat(LossKinds.all()).containsEntry(c.loss().kind(), c.loss().getClass()));
  }

  @Test
  void theKitCanFail() {
    // The same checks, against the formulas of another loss.
    LossCase wrong =
        new LossCase(
            new AbsoluteError(1),
            LossCases.all().get(0).targets(),
            LossCases.all().get(0).formula());
    List<String> failed =
        LossContract.tests(wrong, new PortableKernels())
            .filter(LossContractTest::fails)
            .map(DynamicTest::getDisplayName)
            .toList();
    assertThat(failed).anySatisfy(name -> assertThat(name).startsWith("ORACLE"));
    assertThat(failed).anySatisfy(name -> assertThat(name).startsWith("DIFFERENCES"));
  }

  private static boolean fails(DynamicTest test) {
    try {
      test.getExecutable().execute();
      return false;
    } catch (Throwable failure) {
      return true;
    }
  }
}
