package dev.eddy.model.layer;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.seq.Bundle;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The plain recurrent network (Elman 1990): {@code h' = activation(x W + h U + b)}; h' is output
 * and state. W is Glorot uniform, U orthogonal, b zero. Derivation: docs/layers/rnn.md.
 *
 * @param units H
 * @param activation tanh, sigmoid or relu; tanh if left out
 * @param recurrentDropout the share of h that the product with U does not see in training, one mask
 *     for each sequence (Gal and Ghahramani 2016)
 * @param learnedState whether the initial state is learned; else it is zero
 */
public record SimpleRnn(
    int units,
    Activation activation,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) float recurrentDropout,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean learnedState)
    implements LayerSpec {
  private static final Set<Activation> ALLOWED =
      EnumSet.of(Activation.TANH, Activation.SIGMOID, Activation.RELU);

  /** Checks the number and fills in the default. */
  public SimpleRnn {
    Limits.checkUnits("rnn", units);
    activation = activation == null ? Activation.TANH : activation;
    if (!ALLOWED.contains(activation)) {
      throw new IllegalArgumentException(
          "rnn: activation must be tanh, sigmoid or relu, got " + activation);
    }
    Dropout.checkRate("rnn: recurrentDropout", recurrentDropout);
  }

  /** Without options. */
  public SimpleRnn(int units, Activation activation) {
    this(units, activation, 0f, false);
  }

  /** With tanh. */
  public static SimpleRnn of(int units) {
    return new SimpleRnn(units, Activation.TANH);
  }

  /** The same with recurrent dropout. */
  public SimpleRnn withRecurrentDropout(float rate) {
    return new SimpleRnn(units, activation, rate, learnedState);
  }

  /** The same with a learned initial state. */
  public SimpleRnn withLearnedState() {
    return new SimpleRnn(units, activation, recurrentDropout, true);
  }

  @Override
  public String kind() {
    return "rnn";
  }

  @Override
  public Shape outputShape(Shape input) {
    ShapeException.width(this, input, Bundle.MAIN);
    return Shape.of(units);
  }

  @Override
  public Layer build(Shape input) {
    Cell cell = new Step(ShapeException.width(this, input, Bundle.MAIN), units, activation);
    return Recurrent.of(cell, recurrentDropout, learnedState);
  }

  /** The slots of a row are its sums; backward needs the states alone. */
  private record Step(int in, int units, Activation activation) implements Cell {

    @Override
    public List<Param> params() {
      return List.of(
          new Param("W", in, units, Inits.glorot(in, units)),
          new Param("U", units, units, Inits.orthogonalBlocks()),
          new Param("b", 1, units, Inits.constant(0)));
    }

    private Slice w(Slice params) {
      return params.sub(0, in * units);
    }

    private Slice u(Slice params) {
      return params.sub(in * units, units * units);
    }

    private Slice b(Slice params) {
      return params.sub((in + units) * units, units);
    }

    @Override
    public int inputWidth() {
      return in;
    }

    @Override
    public int outputWidth() {
      return units;
    }

    @Override
    public int stateSize() {
      return units;
    }

    @Override
    public int slots() {
      return units;
    }

    @Override
    public void project(Slice params, int rows, float[] x, float[] slots, Context context) {
      Products.fillRows(rows, units, b(params), slots);
      Products.addTimes(context.kernels(), rows, in, units, x, w(params), slots);
    }

    @Override
    public void step(Slice params, Tick tick, Context context) {
      Kernels kernels = context.kernels();
      Slice u = u(params);
      float[] sums = tick.slots();
      int batch = tick.batch();
      int at = tick.slotsAt();
      Hidden h = Hidden.before(tick, units, context);
      kernels.addProduct(
          batch,
          units,
          units,
          h.data(),
          h.at(),
          h.row(),
          1,
          u.data(),
          u.offset(),
          units,
          sums,
          at,
          units);
      activation.apply(kernels, batch * units, sums, at, tick.states(), tick.after());
    }

    @Override
    public float[] prepareBack(Slice params, Context context) {
      return Products.transposed(u(params), units, units, context);
    }

    @Override
    public void stepBack(
        float[] prepared,
        Tick tick,
        float[] dAfter,
        float[] dBefore,
        float[] dSlots,
        Context context) {
      int batch = tick.batch();
      int at = tick.slotsAt();
      activation.back(batch * units, tick.states(), tick.after(), dAfter, dSlots, at);
      Arrays.fill(dBefore, 0f);
      Hidden.addBack(tick, units, units, dSlots, at, units, prepared, 0, dBefore, context);
    }

    @Override
    public void weightsBack(Run run, float[] dSlots, Context context, Slice grads) {
      Kernels kernels = context.kernels();
      int rows = run.rows();
      Products.addWeightGradient(kernels, rows, in, units, run.x(), dSlots, w(grads));
      float[] h = Hidden.before(run, units, units, context).data();
      Products.addWeightGradient(kernels, rows, units, units, h, dSlots, u(grads));
      Products.addBiasGradient(context.kernels(), rows, units, dSlots, b(grads));
    }

    @Override
    public float[] inputBack(Slice params, int rows, float[] dSlots, Context context) {
      return Products.inputGradient(rows, in, units, dSlots, w(params), context);
    }
  }
}
