package dev.eddy.model.layer;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.eddy.model.kernel.Kernels;
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

  /** What is done to each output. All four have a derivative that follows from the output alone. */
  public enum Activation {
    /** The sum as it is. */
    @JsonProperty("linear")
    LINEAR,
    /** max(sum, 0); its derivative at 0 is 0. */
    @JsonProperty("relu")
    RELU,
    /** The hyperbolic tangent. */
    @JsonProperty("tanh")
    TANH,
    /** The logistic function. */
    @JsonProperty("sigmoid")
    SIGMOID
  }

  /** Fills in the default. */
  public Dense {
    if (units < 1 || units > Limits.UNITS) {
      throw new IllegalArgumentException(
          "dense: units must be from 1 to %,d, got %d".formatted(Limits.UNITS, units));
    }
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
    private record Trace(FloatSeq x, FloatSeq y) {}

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
      activate(context.kernels(), rows * out, y);
      FloatSeq output = new FloatSeq(x.time(), x.batch(), out, y);
      context.push(new Trace(x, output));
      return input.onlyMain(output);
    }

    @Override
    public Bundle backward(
        Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
      Trace trace = context.pop(Trace.class);
      FloatSeq x = trace.x();
      int rows = x.time() * x.batch();
      float[] dSum = sumGradient(dOutput.main().data(), trace.y().data(), rows * out, context);
      Slice weights = params.sub(0, in * out);
      Products.addWeightGradient(
          context.kernels(), rows, in, out, x.data(), dSum, grads.sub(0, in * out));
      Products.addBiasGradient(rows, out, dSum, grads.sub(in * out, out));
      float[] dx = Products.inputGradient(rows, in, out, dSum, weights, context);
      return dOutput.onlyMain(new FloatSeq(x.time(), x.batch(), in, dx));
    }

    private void activate(Kernels kernels, int n, float[] y) {
      switch (activation) {
        case LINEAR -> {}
        case RELU -> {
          for (int i = 0; i < n; i++) {
            y[i] = Math.max(y[i], 0f);
          }
        }
        case TANH -> kernels.tanh(n, y, 0, y, 0);
        case SIGMOID -> kernels.sigmoid(n, y, 0, y, 0);
      }
    }

    /** The loss's derivative by the sum, from that by the output y. */
    private float[] sumGradient(float[] dy, float[] y, int n, Context context) {
      if (activation == Activation.LINEAR) {
        return dy;
      }
      float[] d = context.floats(n);
      for (int i = 0; i < n; i++) {
        d[i] =
            switch (activation) {
              case LINEAR -> dy[i];
              case RELU -> y[i] > 0 ? dy[i] : 0f;
              case TANH -> dy[i] * (1 - y[i] * y[i]);
              case SIGMOID -> dy[i] * y[i] * (1 - y[i]);
            };
      }
      return d;
    }
  }
}
