package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.List;

/**
 * The same affine map at every step: {@code y = activation(x W + b)}. Derivation:
 * docs/layers/dense.md.
 *
 * @param units floats in a step of the output
 * @param activation what is done to the sum; linear if left out
 */
public record Dense(int units, Activation activation) implements LayerSpec {

  /** Fills in the default. */
  public Dense {
    Limits.checkUnits("dense", units);
    activation = activation == null ? Activation.LINEAR : activation;
  }

  /** A linear map. */
  public static Dense linear(int units) {
    return new Dense(units, Activation.LINEAR);
  }

  @Override
  public String kind() {
    return "dense";
  }

  @Override
  public Shape outputShape(Shape input) {
    ShapeException.width(this, input, Bundle.MAIN);
    return Shape.of(units);
  }

  @Override
  public Layer build(Shape input) {
    return new Built(ShapeException.width(this, input, Bundle.MAIN), units, activation);
  }

  private record Built(int in, int out, Activation activation) implements Layer {
    /** sums: y's own array unless the derivative reads them. */
    private record Trace(FloatSeq x, float[] sums, float[] y) {}

    @Override
    public List<Param> params() {
      return List.of(
          new Param("W", in, out, Inits.glorot(in, out)),
          new Param("b", 1, out, Inits.constant(0)));
    }

    @Override
    public int stateSize() {
      return 0;
    }

    @Override
    public boolean causal() {
      return true;
    }

    @Override
    public Bundle forward(Slice params, Bundle input, StateSlice state, Context context) {
      FloatSeq x = input.main();
      int rows = x.time() * x.batch();
      float[] y = context.floats(rows * out);
      Products.fillRows(rows, out, params.sub(in * out, out), y);
      Products.addTimes(context.kernels(), rows, in, out, x.data(), params.sub(0, in * out), y);
      float[] sums = y;
      if (activation != Activation.LINEAR) {
        y = activation.readsSums() ? context.floats(rows * out) : y;
        activation.apply(context, rows, out, sums, y);
      }
      if (context.tracing()) {
        context.push(new Trace(x, sums, y));
      }
      return context.output(input, out, y);
    }

    @Override
    public Bundle backward(
        Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
      Trace trace = context.pop(Trace.class);
      FloatSeq x = trace.x();
      float[] dSum = weightsBack(trace, dOutput, context, grads);
      int rows = x.time() * x.batch();
      float[] dx = Products.inputGradient(rows, in, out, dSum, params.sub(0, in * out), context);
      return dOutput.onlyMain(new FloatSeq(x.time(), x.batch(), in, dx));
    }

    @Override
    public void backwardToWeights(
        Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
      weightsBack(context.pop(Trace.class), dOutput, context, grads);
    }

    /** Adds the derivative by the weights; gives that by the sums. grads: Modified. */
    private float[] weightsBack(Trace trace, Bundle dOutput, Context context, Slice grads) {
      FloatSeq x = trace.x();
      int rows = x.time() * x.batch();
      float[] dSum = sumGradient(trace, dOutput.main().data(), rows, context);
      Products.addWeightGradient(
          context.kernels(), rows, in, out, x.data(), dSum, grads.sub(0, in * out));
      Products.addBiasGradient(context.kernels(), rows, out, dSum, grads.sub(in * out, out));
      return dSum;
    }

    /** The loss's derivative by the sums, from that by the outputs. */
    private float[] sumGradient(Trace trace, float[] dy, int rows, Context context) {
      if (activation == Activation.LINEAR) {
        return dy;
      }
      float[] d = context.floats(rows * out);
      activation.back(context.kernels(), rows, out, trace.sums(), trace.y(), dy, d);
      return d;
    }
  }
}
