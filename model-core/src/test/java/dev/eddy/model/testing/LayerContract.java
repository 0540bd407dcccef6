package dev.eddy.model.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.kernel.Rng;
import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.Layer;
import dev.eddy.model.layer.LayerKinds;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.layer.ShapeException;
import dev.eddy.model.layer.Slice;
import dev.eddy.model.layer.StateSlice;
import dev.eddy.model.net.Network;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.seq.IntSeq;
import dev.eddy.model.seq.Seq;
import dev.eddy.model.testing.Tape.Var;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
  private final Layer built;
  private final float[] weights;

  private LayerContract(Kernels kernels, LayerCase layer) {
    this.kernels = kernels;
    this.layer = layer;
    this.network = Network.build(layer.spec(), layer.input());
    this.built = layer.spec().build(layer.input());
    this.weights = network.initialWeights(SEED);
    Rng rng = new Rng(SEED);
    for (int i = 0; i < weights.length; i++) {
      weights[i] +=
          0.1f * LayerCase.normal(rng); // away from zeros, so that nothing hides behind them
    }
  }

  /** The promises. */
  public enum Check {
    /** Output, state, and gradients by weights, state and input agree with the oracle in double. */
    ORACLE,
    /**
     * Gradients agree with differences of the layer's own output; the first row starts from the
     * initial state, learned or not.
     */
    DIFFERENCES,
    /** T steps at once give the bits of T single steps, outputs and state, traced or not. */
    STEPS,
    /** A batch gives the bits of its rows alone. */
    BATCH,
    /** Steps beyond a sequence's length are as if they had not been: outputs, state, gradients. */
    PADDING,
    /** The same with steps missing anywhere. */
    UNREAL_STEPS,
    /**
     * Rows without a real step, a pass of no steps and a batch of no rows are as if they were not.
     */
    EMPTY,
    /** Forward and backward read weights, input and the derivative by the output, and no more. */
    READS_ONLY,
    /** A row that starts has the bits of the initial state, whatever state is handed in. */
    STARTS,
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
      case PADDING -> padding();
      case UNREAL_STEPS -> unrealSteps();
      case EMPTY -> empty();
      case READS_ONLY -> readsOnly();
      case STARTS -> starts();
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
                      String reason = reasonToSkip(layer, check);
                      Assumptions.assumeTrue(reason == null, check + " skipped: " + reason);
                      new LayerContract(kernels, layer).check(check);
                    }));
  }

  private static String reasonToSkip(LayerCase layer, Check check) {
    if (check == Check.STEPS && !layer.spec().build(layer.input()).causal()) {
      return "not causal: it needs the whole sequence";
    }
    return layer.skips().get(check);
  }

  /** What a pass gives. */
  private record Pass(
      Bundle output, float[] state, Bundle dInput, float[] dState, float[] dWeights) {
    float[] out() {
      return output.main().data();
    }
  }

  private float[] states(int batch) {
    return random(batch * network.stateSize(), 1);
  }

  /** The loss's derivative by the state after the last step. */
  private float[] dStates(int batch) {
    return random(batch * network.stateSize(), 4);
  }

  private static float[] random(int n, int stream) {
    float[] values = new float[n];
    Rng rng = new Rng(SEED + stream);
    for (int i = 0; i < n; i++) {
      values[i] = 0.5f * LayerCase.normal(rng);
    }
    return values;
  }

  private Bundle input(int time, int batch) {
    return layer.randomInput(time, batch, new Rng(SEED + 2));
  }

  /** The loss is the sum of output times these; what is not real counts for nothing. */
  private FloatSeq dOutput(Bundle input) {
    Bundle output = stepping(input, states(input.batch()));
    FloatSeq main = output.main();
    FloatSeq d = FloatSeq.zeros(main.time(), main.batch(), main.width());
    Rng rng = new Rng(SEED + 3);
    for (int t = 0; t < d.time(); t++) {
      for (int b = 0; b < d.batch(); b++) {
        for (int j = 0; j < d.width(); j++) {
          float value = LayerCase.normal(rng);
          d.data()[d.at(t, b) + j] = output.real(t, b) ? value : 0;
        }
      }
    }
    return d;
  }

  /** Forward and backward; states and dStates: Modified. */
  private Pass traced(Bundle input, float[] states, FloatSeq dOutput, float[] dStates) {
    Context context = Context.tracing(kernels);
    int size = network.stateSize();
    StateSlice state = new StateSlice(states, size, 0, size);
    StateSlice dState = new StateSlice(dStates, size, 0, size);
    Slice params = Slice.of(weights);
    Bundle output = built.forward(params, input, state, context);
    float[] dWeights = new float[weights.length];
    Bundle dInput = built.backward(params, Bundle.of(dOutput), dState, context, Slice.of(dWeights));
    return new Pass(output, states, dInput, dStates, dWeights);
  }

  private Pass traced(Bundle input, float[] states, FloatSeq dOutput) {
    return traced(input, states, dOutput, new float[states.length]);
  }

  private Bundle stepping(Bundle input, float[] states) {
    return network.run(weights, input, states, Context.stepping(kernels));
  }

  /** Every part by its name in the shape: those of sides as s/p. */
  private Map<String, Seq> parts(Bundle bundle) {
    Map<String, Seq> parts = new TreeMap<>(bundle.parts());
    bundle
        .sides()
        .forEach(
            (name, side) -> side.parts().forEach((part, seq) -> parts.put(name + "/" + part, seq)));
    return parts;
  }

  /** Row 0 has seen nothing, the others something. */
  private float[] firstFresh() {
    float[] states = states(B);
    network.initialState(weights, states, 0);
    return states;
  }

  private void oracle() {
    Bundle input = input(T, B);
    FloatSeq dOutput = dOutput(input);
    Pass pass = traced(input, firstFresh(), dOutput, dStates(B));
    Tape tape = new Tape();
    Var[] params = tape.leaves(weights, 0, weights.length);
    Var loss = tape.leaf(0);
    Map<String, Var[][][]> inputs = new HashMap<>(); // [B][T][F]
    int size = network.stateSize();
    Var[] before = tape.leaves(firstFresh(), 0, B * size);
    for (int b = 0; b < B; b++) {
      Map<String, Var[][]> row = new HashMap<>();
      for (Map.Entry<String, Seq> part : parts(input).entrySet()) {
        Var[][] steps = leaves(tape, part.getValue(), b);
        row.put(part.getKey(), steps);
        inputs.computeIfAbsent(part.getKey(), name -> new Var[B][][])[b] = steps;
      }
      Var[] state = Arrays.copyOfRange(before, b * size, (b + 1) * size);
      Var[][] output = Oracle.run(tape, layer.spec(), layer.input(), params, state, row);
      assertThat(dOutput.time()).as("steps of output").isEqualTo(output.length);
      for (int t = 0; t < output.length; t++) {
        assertThat(output[t]).as("width of output").hasSize(network.outputWidth());
        for (int j = 0; j < network.outputWidth(); j++) {
          int at = dOutput.at(t, b) + j;
          assertThat(pass.out()[at])
              .as("output t=%d b=%d j=%d", t, b, j)
              .isCloseTo((float) output[t][j].value(), within(2e-5f));
          loss = tape.add(loss, tape.scale(output[t][j], dOutput.data()[at]));
        }
      }
      for (int i = 0; i < size; i++) {
        assertThat(pass.state()[b * size + i])
            .as("state b=%d i=%d", b, i)
            .isCloseTo((float) state[i].value(), within(2e-5f));
        loss = tape.add(loss, tape.scale(state[i], dStates(B)[b * size + i]));
      }
    }
    tape.backward(loss);
    for (int i = 0; i < weights.length; i++) {
      close("weight " + i, pass.dWeights()[i], params[i].gradient(), 1e-4);
    }
    for (int i = 0; i < before.length; i++) {
      close("state " + i, pass.dState()[i], before[i].gradient(), 1e-4);
    }
    inputs.forEach(
        (part, rows) -> {
          if (parts(input).get(part) instanceof FloatSeq seq) {
            for (int i = 0; i < seq.time() * B * seq.width(); i++) {
              Var x = rows[i / seq.width() % B][i / seq.width() / B][i % seq.width()];
              close(part + " " + i, gradient(pass.dInput(), part, i), x.gradient(), 1e-4);
            }
          }
        });
  }

  /** Row b, {@code [T][F]}; an id is one number. */
  private static Var[][] leaves(Tape tape, Seq part, int b) {
    Var[][] steps = new Var[part.time()][];
    for (int t = 0; t < part.time(); t++) {
      steps[t] =
          part instanceof FloatSeq seq
              ? tape.leaves(seq.data(), seq.at(t, b), seq.width())
              : new Var[] {tape.leaf(((IntSeq) part).data()[t * part.batch() + b])};
    }
    return steps;
  }

  private static void close(String what, double actual, double expected, double tolerance) {
    assertThat(actual)
        .as("gradient of %s", what)
        .isCloseTo(expected, within(tolerance * (1 + Math.abs(expected))));
  }

  private double gradient(Bundle dInput, String part, int i) {
    Seq gradients = parts(dInput).get(part);
    return gradients == null ? 0 : ((FloatSeq) gradients).data()[i]; // a part that nobody reads
  }

  private void differences() {
    Bundle input = input(T, B).withStarts(new boolean[] {true, false, false});
    FloatSeq dOutput = dOutput(input);
    Context context = Context.tracing(kernels);
    float[] dWeights = new float[weights.length];
    network.run(weights, input, states(B), context);
    Bundle dInput = network.backward(weights, dOutput, context, dWeights);
    weightsAlone(input, dOutput, dWeights);
    for (int i = 0; i < weights.length; i++) {
      close("weight " + i, dWeights[i], slope(weights, i, input, dOutput), 5e-3);
    }
    for (Map.Entry<String, Seq> part : parts(input).entrySet()) {
      if (part.getValue() instanceof FloatSeq seq) {
        for (int i = 0; i < seq.data().length; i++) {
          double expected =
              LayerCase.differentiable(part.getKey(), i) ? slope(seq.data(), i, input, dOutput) : 0;
          close(part.getKey() + " " + i, gradient(dInput, part.getKey(), i), expected, 5e-3);
        }
      }
    }
  }

  /** Where nobody asks for the derivative by the input, that by the weights has the same bits. */
  private void weightsAlone(Bundle input, FloatSeq dOutput, float[] expected) {
    Context context = Context.tracing(kernels);
    float[] dWeights = new float[weights.length];
    network.run(weights, input, states(B), context);
    network.backwardToWeights(weights, dOutput, context, dWeights);
    assertThat(dWeights).as("weights without the input").isEqualTo(expected);
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
    FloatSeq output = stepping(input, states(B)).main();
    double loss = 0;
    for (int i = 0; i < dOutput.data().length; i++) {
      loss += (double) output.data()[i] * dOutput.data()[i];
    }
    return loss;
  }

  private void steps() {
    Bundle input = input(T, B);
    float[] stateOfAll = states(B);
    FloatSeq all = stepping(input, stateOfAll).main();
    Pass traced = traced(input, states(B), dOutput(input));
    sameBits("traced output", traced.out(), all.data(), T * B * all.width());
    sameBits("traced state", traced.state(), stateOfAll, stateOfAll.length);
    float[] state = states(B);
    for (int t = 0; t < T; t++) {
      FloatSeq one = stepping(Bundles.steps(input, t, 1), state).main();
      int n = B * all.width();
      sameBits("step " + t, one.data(), Arrays.copyOfRange(all.data(), t * n, (t + 1) * n), n);
    }
    sameBits("state", state, stateOfAll, state.length);
  }

  private void batch() {
    Bundle input = input(T, B);
    float[] states = states(B);
    Bundle all = stepping(input, states);
    for (int b = 0; b < B; b++) {
      float[] state = row(states(B), b);
      FloatSeq alone = stepping(Bundles.row(input, b), state).main();
      FloatSeq expected = Bundles.row(all, b).main();
      sameBits("row " + b, alone.data(), expected.data(), expected.data().length);
      sameBits("state " + b, state, row(states, b), state.length);
    }
  }

  private float[] row(float[] states, int b) {
    int size = network.stateSize();
    return Arrays.copyOfRange(states, b * size, (b + 1) * size);
  }

  private void padding() {
    Bundle input = input(T, B).withLengths(new int[] {T, T - 2, T - 1});
    for (String side : input.sides().keySet()) {
      input = input.withSide(side, input.side(side).withLengths(new int[] {T, T + 1, T - 2}));
    }
    sameAsRealStepsAlone(input);
  }

  private void unrealSteps() {
    boolean[] mask = new boolean[T * B];
    Arrays.fill(mask, true);
    mask[1 * B] = false; // inside sequence 0
    mask[0] = false; // and its first step
    mask[3 * B + 2] = false;
    sameAsRealStepsAlone(input(T, B).withLengths(new int[] {T, T - 2, T - 1}).withMask(mask));
  }

  private void empty() {
    boolean[] mask = new boolean[T * B];
    for (int t = 0; t < T; t++) {
      mask[t * B + 2] = true;
    }
    sameAsRealStepsAlone(input(T, B).withLengths(new int[] {0, T, T - 1}).withMask(mask));
    for (Bundle input : List.of(input(0, B), input(T, 0))) {
      Pass pass = traced(input, states(input.batch()), dOutput(input));
      for (float dWeight : pass.dWeights()) {
        assertThat(dWeight).as("a gradient of nothing").isNotNaN();
      }
    }
    if (built.causal()) { // else a step may be made of none, as by pooling
      float[] kept = states(B);
      stepping(input(0, B), kept);
      sameBits("state", kept, states(B), kept.length);
    }
  }

  private void readsOnly() {
    Bundle input = input(T, B).withLengths(new int[] {T, T - 2, T - 1});
    FloatSeq dOutput = dOutput(input);
    Map<String, float[]> read = new TreeMap<>();
    parts(input).forEach((name, seq) -> read.put(name, data(seq)));
    read.put("weights", weights);
    read.put("dOutput", dOutput.data());
    Map<String, float[]> before = new TreeMap<>();
    read.forEach((name, array) -> before.put(name, array.clone()));
    traced(input, states(B), dOutput);
    stepping(input, states(B));
    read.forEach((name, array) -> sameBits(name, array, before.get(name), array.length));
  }

  private static float[] data(Seq part) {
    return part instanceof FloatSeq seq ? seq.data() : new float[0];
  }

  private void sameAsRealStepsAlone(Bundle input) {
    FloatSeq dOutput = dOutput(input);
    Pass pass = traced(input, states(B), dOutput, dStates(B));
    float[] dWeights = new float[weights.length];
    for (int b = 0; b < B; b++) {
      int[] real = Bundles.real(pass.output(), b);
      float[] state = row(states(B), b);
      Pass alone =
          traced(
              Bundles.row(input, Bundles.real(input, b), b),
              state,
              Bundles.pick(dOutput, real, b),
              row(dStates(B), b));
      FloatSeq expected = Bundles.pick(pass.output().main(), real, b);
      assertThat(alone.output().main().time()).as("real steps of output").isEqualTo(real.length);
      sameBits("real steps " + b, alone.out(), expected.data(), expected.data().length);
      sameBits("state " + b, state, row(pass.state(), b), state.length);
      float[] dState = row(pass.dState(), b);
      for (int i = 0; i < dState.length; i++) {
        close("state " + i, dState[i], alone.dState()[i], 1e-5);
      }
      for (int i = 0; i < dWeights.length; i++) {
        dWeights[i] += alone.dWeights()[i];
      }
    }
    for (int i = 0; i < dWeights.length; i++) {
      close("weight " + i, pass.dWeights()[i], dWeights[i], 1e-5);
    }
    noGradient("", input, pass.dInput());
    pass.dInput().sides().forEach((name, dSide) -> noGradient(name + "/", input.side(name), dSide));
  }

  /** What is not real has no part in the loss. */
  private static void noGradient(String path, Bundle input, Bundle dInput) {
    for (String part : dInput.parts().keySet()) {
      FloatSeq d = dInput.floats(part);
      for (int i = 0; i < d.time() * d.batch() * d.width(); i++) {
        int row = i / d.width();
        if (!input.real(row / d.batch(), row % d.batch())) {
          assertThat(d.data()[i]).as("gradient of unreal %s%s %d", path, part, i).isZero();
        }
      }
    }
  }

  private void starts() {
    float[] states = states(B);
    for (int b = 0; b < B; b++) {
      network.initialState(weights, states, b);
    }
    Bundle input = input(T, B);
    FloatSeq expected = stepping(input, states).main();
    float[] garbage = states(B);
    FloatSeq output = stepping(input.withStarts(new boolean[] {true, true, true}), garbage).main();
    sameBits("output", output.data(), expected.data(), dOutput(input).data().length);
    sameBits("state", garbage, states, states.length);
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
}
