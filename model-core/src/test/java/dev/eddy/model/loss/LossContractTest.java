package dev.eddy.model.loss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.kernel.PortableKernels;
import dev.eddy.model.testing.Implementations;
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
    List<String> losses = Implementations.of(Loss.class);
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
