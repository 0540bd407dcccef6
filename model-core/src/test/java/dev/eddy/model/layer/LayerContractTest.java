package dev.eddy.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.kernel.PortableKernels;
import dev.eddy.model.net.Network;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.testing.Implementations;
import dev.eddy.model.testing.LayerCase;
import dev.eddy.model.testing.LayerCases;
import dev.eddy.model.testing.LayerContract;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every layer on the classpath keeps the contract. */
class LayerContractTest {

  @TestFactory
  Stream<DynamicTest> everyCaseKeepsTheContract() {
    return LayerCases.all().stream()
        .flatMap(layer -> LayerContract.tests(layer, new PortableKernels()));
  }

  @Test
  void everySpecificationIsRegisteredAndHasACase() {
    List<String> specs = Implementations.of(LayerSpec.class);
    assertThat(LayerKinds.all().values().stream().map(Class::getName))
        .as("LayerKinds lists every LayerSpec")
        .containsExactlyInAnyOrderElementsOf(specs);
    assertThat(LayerCases.all().stream().map(c -> c.spec().getClass().getName()).distinct())
        .as("LayerCases has a case for every LayerSpec")
        .containsExactlyInAnyOrderElementsOf(specs);
    assertThat(LayerCases.all())
        .allSatisfy(
            c -> assertThat(LayerKinds.all()).containsEntry(c.spec().kind(), c.spec().getClass()));
  }

  @Test
  void aWrongShapeDeepInsideIsNamedByItsPath() {
    Sum spec = Sum.of(Dense.linear(2), Sequential.of(new Lstm(3), Gather.of(3, 0)));
    assertThatThrownBy(() -> Network.build(spec, Shape.of(4)))
        .hasMessage("sum.sequential1.gather1: index 3 is beyond its input of width 3");
    assertThatThrownBy(() -> Network.build(Sum.of(Dense.linear(2), new Lstm(3)), Shape.of(4)))
        .hasMessageStartingWith("sum.lstm1: gives {x=3}, the first term gives {x=2}");
    assertThatThrownBy(() -> Network.build(new Lookback(8, 0), new Shape(Map.of(Lookback.PART, 2))))
        .hasMessageContaining("[value, observed, gap]");
  }

  @Test
  void halfAUnitIsNotReadAsNone() {
    assertThatThrownBy(
            () -> LayerKinds.mapper().readValue("{\"lstm\": {\"units\": 4.7}}", LayerSpec.class))
        .hasMessageContaining("4.7");
  }

  @Test
  void whatWrapsALayerNamesIt() {
    refusedAs(
        "residual.lstm0: gives width 3, but is added to an input of width 4: make them the same",
        new Residual(new Lstm(3)));
    refusedAs(
        "bidirectional.sequential0.gather1: index 9 is beyond its input of width 2",
        Bidirectional.of(Sequential.of(Gru.of(2), Gather.of(9))));
    refusedAs(
        "concat.sequential1.part0: reads part 'y', but its input has only [x]",
        Concat.of(Dense.linear(2), Sequential.of(new Part("y"), new Lstm(2))));
  }

  private static void refusedAs(String message, LayerSpec spec) {
    assertThatThrownBy(() -> Network.build(spec, Shape.of(4)))
        .isInstanceOf(ShapeException.class)
        .hasMessage(message);
  }

  @Test
  void whatLosesStepsCannotBeWrapped() {
    LayerSpec fewer = new TimeSubsampling(2);
    LayerSpec wide = Gather.of(0, 1, 2, 3, 0, 1, 2, 3);
    for (LayerSpec spec :
        List.of(
            new Residual(Sequential.of(fewer, Gather.of(0, 1, 2, 3))),
            Bidirectional.of(fewer),
            Concat.of(wide, fewer),
            Sum.of(fewer, Gather.of(0, 1, 2, 3)),
            Sum.of(Gather.of(0, 1, 2, 3), fewer))) {
      Network network = Network.build(spec, Shape.of(4));
      Bundle input = Bundle.of(FloatSeq.zeros(6, 1, 4));
      Context context = Context.stepping(new PortableKernels());
      assertThatThrownBy(() -> network.forward(new float[0], input, new float[0], context))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith(spec.kind() + ": its ")
          .hasMessageContaining("steps");
    }
  }

  @Test
  void theKitCanFail() {
    // The same checks, on kernels whose sums are a little off.
    LayerCase layer = LayerCase.of(Dense.linear(3), Shape.of(3));
    List<String> failed =
        LayerContract.tests(layer, new OffByALittle())
            .filter(LayerContractTest::fails)
            .map(DynamicTest::getDisplayName)
            .toList();
    assertThat(failed).anySatisfy(name -> assertThat(name).startsWith("ORACLE"));
    assertThat(failed).anySatisfy(name -> assertThat(name).startsWith("STEPS"));
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
