package dev.eddy.model.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.kernel.Rng;
import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.LayerKinds;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.layer.ShapeException;
import dev.eddy.model.net.Network;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.testing.Tape.Var;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;

/** What every layer promises, as checks on one {@link LayerCase}. */
public final class LayerContract {
  private static final int T = 6;
  private static final int B = 3;
  private static final long SEED = 20260101;

  private final Kernels kernels;
  private final LayerCase layer;
  private final Network network;
  private final float[] weights;

  private LayerContract(Kernels kernels, LayerCase layer) {
    this.kernels = kernels;
    this.layer = layer;
    this.network = Network.build(layer.spec(), layer.input());
    this.weights = network.initialWeights(SEED);
    Rng rng = new Rng(SEED);
    for (int i = 0; i < weights.length; i++) {
      weights[i] +=
          0.1f * LayerCase.normal(rng); // away from zeros, so that nothing hides behind them
    }
  }

  /** The promises. */
  public enum Check {
    /** Output, state, and gradients by weights and input agree with the double-precision oracle. */
    ORACLE,
    /** Gradients agree with differences of the layer's own output. */
    DIFFERENCES,
    /** T steps at once give the bits of T single steps, outputs and state, traced or not. */
    STEPS,
    /** A batch gives the bits of its rows alone. */
    BATCH,
    /** Steps beyond a length or masked are as if they had not been: outputs, state, gradients. */
    UNREAL_STEPS,
    /** A second backward adds the same gradients again. */
    TWICE,
    /** The specification survives JSON. */
    JSON,
    /** An input of the wrong parts is refused by name. */
    WRONG_SHAPE
  }

  private void check(Check check) {
    switch (check) {
      case ORACLE -> oracle();
      case DIFFERENCES -> differences();
      case STEPS -> steps();
      case BATCH -> batch();
      case UNREAL_STEPS -> unrealSteps();
      case TWICE -> twice();
      case JSON -> json();
      case WRONG_SHAPE -> wrongShape();
    }
  }

  /** One test per check; a skipped one says why. */
  public static Stream<DynamicTest> tests(LayerCase layer, Kernels kernels) {
    return Stream.of(Check.values())
        .map(
            check ->
                DynamicTest.dynamicTest(
                    check + ": " + layer + ", " + kernels.name(),
                    () -> {
                      String reason = layer.skips().get(check);
                      Assumptions.assumeTrue(reason == null, check + " skipped: " + reason);
                      new LayerContract(kernels, layer).check(check);
                    }));
  }

  /** What a pass gives. */
  private record Pass(
      FloatSeq output, float[] state, Map<String, float[]> dInput, float[] dWeights) {}

  private float[] states(int batch) {
    float[] states = new float[batch * network.stateSize()];
    Rng rng = new Rng(SEED + 1);
    for (int i = 0; i < states.length; i++) {
      states[i] = 0.5f * LayerCase.normal(rng);
    }
    return states;
  }

  private Bundle input(int time, int batch) {
    return layer.randomInput(time, batch, new Rng(SEED + 2));
  }

  /** The loss is the sum of output times these; what is not real counts for nothing. */
  private FloatSeq dOutput(Bundle input) {
    FloatSeq d = FloatSeq.zeros(input.time(), input.batch(), network.outputWidth());
    Rng rng = new Rng(SEED + 3);
    for (int t = 0; t < d.time(); t++) {
      for (int b = 0; b < d.batch(); b++) {
        for (int j = 0; j < d.width(); j++) {
          float value = LayerCase.normal(rng);
          d.data()[d.at(t, b) + j] = input.real(t, b) ? value : 0;
        }
      }
    }
    return d;
  }

  private Pass traced(Bundle input, float[] states, FloatSeq dOutput) {
    Context context = Context.tracing(kernels);
    FloatSeq output = network.forward(weights, input, states, context);
    float[] dWeights = new float[weights.length];
    Bundle d = network.backward(weights, dOutput, context, dWeights);
    Map<String, float[]> dInput = new HashMap<>();
    d.parts().forEach((name, part) -> dInput.put(name, ((FloatSeq) part).data().clone()));
    return new Pass(output, states, dInput, dWeights);
  }

  private FloatSeq stepping(Bundle input, float[] states) {
    return network.forward(weights, input, states, Context.stepping(kernels));
  }

  private void oracle() {
    Bundle input = input(T, B);
    FloatSeq dOutput = dOutput(input);
    Pass pass = traced(input, states(B), dOutput);
    Tape tape = new Tape();
    Var[] params = tape.leaves(weights, 0, weights.length);
    Var loss = tape.leaf(0);
    Map<String, Var[][][]> inputs = new HashMap<>();
    for (int b = 0; b < B; b++) {
      Map<String, Var[][]> row = new HashMap<>();
      for (String part : layer.input().widths().keySet()) {
        FloatSeq seq = input.floats(part);
        Var[][] steps = new Var[T][];
        for (int t = 0; t < T; t++) {
          steps[t] = tape.leaves(seq.data(), seq.at(t, b), seq.width());
        }
        row.put(part, steps);
        inputs.computeIfAbsent(part, name -> new Var[B][][])[b] = steps;
      }
      int size = network.stateSize();
      Var[] state = tape.leaves(states(B), b * size, size);
      Var[][] output = Oracle.run(tape, layer.spec(), params, state, row);
      for (int t = 0; t < T; t++) {
        for (int j = 0; j < network.outputWidth(); j++) {
          int at = dOutput.at(t, b) + j;
          assertThat(pass.output().data()[at])
              .as("output t=%d b=%d j=%d", t, b, j)
              .isCloseTo((float) output[t][j].value(), within(2e-5f));
          loss = tape.add(loss, tape.scale(output[t][j], dOutput.data()[at]));
        }
      }
      for (int i = 0; i < size; i++) {
        assertThat(pass.state()[b * size + i])
            .as("state b=%d i=%d", b, i)
            .isCloseTo((float) state[i].value(), within(2e-5f));
      }
    }
    tape.backward(loss);
    for (int i = 0; i < weights.length; i++) {
      close("weight " + i, pass.dWeights()[i], params[i].gradient(), 1e-4);
    }
    inputs.forEach(
        (part, rows) -> {
          FloatSeq seq = input.floats(part);
          for (int i = 0; i < T * B * seq.width(); i++) {
            Var x = rows[i / seq.width() % B][i / seq.width() / B][i % seq.width()];
            close(part + " " + i, gradient(pass, part, i), x.gradient(), 1e-4);
          }
        });
  }

  private static void close(String what, double actual, double expected, double tolerance) {
    assertThat(actual)
        .as("gradient of %s", what)
        .isCloseTo(expected, within(tolerance * (1 + Math.abs(expected))));
  }

  private static double gradient(Pass pass, String part, int i) {
    float[] gradients = pass.dInput().get(part);
    return gradients == null ? 0 : gradients[i]; // a part that no layer reads
  }

  private void differences() {
    Bundle input = input(T, B);
    FloatSeq dOutput = dOutput(input);
    Pass pass = traced(input, states(B), dOutput);
    for (int i = 0; i < weights.length; i++) {
      close("weight " + i, pass.dWeights()[i], slope(weights, i, input, dOutput), 5e-3);
    }
    for (String part : layer.input().widths().keySet()) {
      float[] data = input.floats(part).data();
      for (int i = 0; i < data.length; i++) {
        double expected = LayerCase.differentiable(part, i) ? slope(data, i, input, dOutput) : 0;
        close(part + " " + i, gradient(pass, part, i), expected, 5e-3);
      }
    }
  }

  private double slope(float[] array, int i, Bundle input, FloatSeq dOutput) {
    float kept = array[i];
    float step = 0x1p-9f;
    array[i] = kept + step;
    double above = loss(input, dOutput);
    double width = array[i];
    array[i] = kept - step;
    double below = loss(input, dOutput);
    width -= array[i];
    array[i] = kept;
    return (above - below) / width;
  }

  private double loss(Bundle input, FloatSeq dOutput) {
    FloatSeq output = stepping(input, states(B));
    double loss = 0;
    for (int i = 0; i < dOutput.data().length; i++) {
      loss += (double) output.data()[i] * dOutput.data()[i];
    }
    return loss;
  }

  private void steps() {
    Bundle input = input(T, B);
    float[] stateOfAll = states(B);
    FloatSeq all = stepping(input, stateOfAll);
    Pass traced = traced(input, states(B), dOutput(input));
    sameBits("traced output", traced.output().data(), all.data(), T * B * all.width());
    sameBits("traced state", traced.state(), stateOfAll, stateOfAll.length);
    float[] state = states(B);
    for (int t = 0; t < T; t++) {
      FloatSeq one = stepping(crop(input, t, 1, 0, B), state);
      int n = B * all.width();
      sameBits("step " + t, one.data(), Arrays.copyOfRange(all.data(), t * n, (t + 1) * n), n);
    }
    sameBits("state", state, stateOfAll, state.length);
  }

  private void batch() {
    Bundle input = input(T, B);
    float[] states = states(B);
    FloatSeq all = stepping(input, states);
    int size = network.stateSize();
    for (int b = 0; b < B; b++) {
      float[] state = Arrays.copyOfRange(states(B), b * size, (b + 1) * size);
      FloatSeq alone = stepping(crop(input, 0, T, b, 1), state);
      sameBits("row " + b, alone.data(), crop(all, 0, T, b, 1).data(), T * all.width());
      sameBits("state " + b, state, Arrays.copyOfRange(states, b * size, (b + 1) * size), size);
    }
  }

  private void unrealSteps() {
    int[] lengths = {T, T - 2, T - 1};
    boolean[] mask = new boolean[T * B];
    Arrays.fill(mask, true);
    mask[1 * B] = false; // inside sequence 0
    mask[0] = false; // and its first step
    mask[3 * B + 2] = false;
    Bundle input = input(T, B).withLengths(lengths).withMask(mask);
    FloatSeq dOutput = dOutput(input);
    Pass pass = traced(input, states(B), dOutput);
    float[] dWeights = new float[weights.length];
    int size = network.stateSize();
    for (int b = 0; b < B; b++) {
      int row = b;
      int[] real = java.util.stream.IntStream.range(0, T).filter(t -> input.real(t, row)).toArray();
      float[] state = Arrays.copyOfRange(states(B), b * size, (b + 1) * size);
      Pass alone = traced(pick(input, real, b), state, pick(dOutput, real, b));
      FloatSeq expected = pick(pass.output(), real, b);
      sameBits("real steps " + b, alone.output().data(), expected.data(), expected.data().length);
      sameBits(
          "state " + b, state, Arrays.copyOfRange(pass.state(), b * size, (b + 1) * size), size);
      for (int i = 0; i < dWeights.length; i++) {
        dWeights[i] += alone.dWeights()[i];
      }
    }
    for (int i = 0; i < dWeights.length; i++) {
      close("weight " + i, pass.dWeights()[i], dWeights[i], 1e-5);
    }
    pass.dInput()
        .forEach(
            (part, d) -> {
              int width = layer.input().width(part);
              for (int i = 0; i < d.length; i++) {
                if (!input.real(i / width / B, i / width % B)) {
                  assertThat(d[i]).as("gradient of unreal %s %d", part, i).isZero();
                }
              }
            });
  }

  private void twice() {
    Bundle input = input(T, B);
    FloatSeq dOutput = dOutput(input);
    Context context = Context.tracing(kernels);
    float[] once = new float[weights.length];
    float[] both = new float[weights.length];
    network.forward(weights, input, states(B), context);
    network.backward(weights, dOutput, context, once);
    context.reset();
    System.arraycopy(once, 0, both, 0, once.length);
    network.forward(weights, input, states(B), context);
    network.backward(weights, dOutput, context, both);
    for (int i = 0; i < once.length; i++) {
      close("weight " + i, both[i], 2.0 * once[i], 1e-5);
    }
  }

  private void json() {
    ObjectMapper mapper = LayerKinds.register(new ObjectMapper());
    try {
      String text = mapper.writeValueAsString(layer.spec());
      assertThat(text).startsWith("{\"" + layer.spec().kind() + "\":{");
      assertThat(mapper.readValue(text, LayerSpec.class)).isEqualTo(layer.spec());
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private void wrongShape() {
    Shape wrong = new Shape(Map.of("elsewhere", 2));
    assertThatThrownBy(() -> Network.build(layer.spec(), wrong))
        .isInstanceOf(ShapeException.class)
        .hasMessageStartingWith(layer.spec().kind())
        .hasMessageContaining("elsewhere");
    assertThatThrownBy(() -> layer.spec().build(wrong)).isInstanceOf(ShapeException.class);
  }

  private static void sameBits(String what, float[] actual, float[] expected, int n) {
    for (int i = 0; i < n; i++) {
      assertThat(Float.floatToRawIntBits(actual[i]))
          .as("%s [%d]: %s is not %s to the bit", what, i, actual[i], expected[i])
          .isEqualTo(Float.floatToRawIntBits(expected[i]));
    }
  }

  private static Bundle crop(Bundle input, int t, int time, int b, int batch) {
    return map(input, seq -> crop(seq, t, time, b, batch));
  }

  private static FloatSeq crop(FloatSeq seq, int t, int time, int b, int batch) {
    FloatSeq cut = FloatSeq.zeros(time, batch, seq.width());
    for (int i = 0; i < time; i++) {
      System.arraycopy(seq.data(), seq.at(t + i, b), cut.data(), cut.at(i, 0), batch * seq.width());
    }
    return cut;
  }

  private static Bundle pick(Bundle input, int[] steps, int b) {
    return map(input, seq -> pick(seq, steps, b));
  }

  private static FloatSeq pick(FloatSeq seq, int[] steps, int b) {
    FloatSeq picked = FloatSeq.zeros(steps.length, 1, seq.width());
    for (int i = 0; i < steps.length; i++) {
      System.arraycopy(
          seq.data(), seq.at(steps[i], b), picked.data(), picked.at(i, 0), seq.width());
    }
    return picked;
  }

  private static Bundle map(Bundle input, java.util.function.UnaryOperator<FloatSeq> change) {
    Bundle result = null;
    for (String part : input.parts().keySet()) {
      FloatSeq seq = change.apply(input.floats(part));
      result = result == null ? Bundle.of(part, seq) : result.with(part, seq);
    }
    return result;
  }
}
