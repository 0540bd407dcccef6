package dev.eddy.model.layer;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.Arrays;
import java.util.List;

/**
 * Brings the values of each step to mean 0 and variance 1, then to a learned gain and bias (Ba,
 * Kiros and Hinton 2016): {@code y = g (x - mean) / sqrt(variance + epsilon) + b}. Each step of
 * each sequence by itself, so that it streams. Derivation:
 * docs/layers/normalisation-and-dropout.md.
 *
 * @param epsilon keeps constant inputs from a division by zero; 1e-5 if left out
 */
public record LayerNorm(@JsonInclude(JsonInclude.Include.NON_DEFAULT) float epsilon)
    implements LayerSpec {
  private static final float EPSILON = 1e-5f;

  /** Fills in the default. */
  public LayerNorm {
    epsilon = epsilon == 0 ? EPSILON : epsilon;
    if (!(epsilon > 0 && epsilon <= 1)) {
      throw new IllegalArgumentException(
          "layer-norm: epsilon must be above 0 and at most 1, got " + epsilon);
    }
  }

  /** With the default epsilon. */
  public static LayerNorm standard() {
    return new LayerNorm(EPSILON);
  }

  @Override
  public String kind() {
    return "layer-norm";
  }

  @Override
  public Shape outputShape(Shape input) {
    ShapeException.width(this, input, Bundle.MAIN);
    return input.onlyMain();
  }

  @Override
  public Layer build(Shape input) {
    return new Built(ShapeException.width(this, input, Bundle.MAIN), epsilon);
  }

  private record Built(int width, float epsilon) implements Layer {
    /** normal: (x - mean) / deviation, of which scales are 1 / deviation, by row. */
    private record Trace(FloatSeq normal, float[] scales) {}

    @Override
    public List<Param> params() {
      return List.of(
          new Param("g", 1, width, Inits.constant(1)), new Param("b", 1, width, Inits.constant(0)));
    }

    private Slice gain(Slice params) {
      return params.sub(0, width);
    }

    private Slice bias(Slice params) {
      return params.sub(width, width);
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
      float[] normal = context.floats(rows * width);
      float[] scales = context.floats(rows);
      float[] ones = ones(context);
      float[] y = context.floats(rows * width);
      Slice gain = gain(params);
      Slice bias = bias(params);
      for (int r = 0; r < rows; r++) {
        int at = r * width;
        scales[r] = normalise(context.kernels(), x.data(), at, normal, ones);
        for (int j = 0; j < width; j++) {
          float g = gain.data()[gain.offset() + j];
          y[at + j] = Math.fma(g, normal[at + j], bias.data()[bias.offset() + j]);
        }
      }
      if (context.tracing()) {
        context.push(new Trace(new FloatSeq(x.time(), x.batch(), width, normal), scales));
      }
      return context.output(input, width, y);
    }

    private float[] ones(Context context) {
      float[] ones = context.floats(width);
      Arrays.fill(ones, 1f);
      return ones;
    }

    /** One row; gives 1 / deviation. normal: Modified. */
    private float normalise(Kernels kernels, float[] x, int at, float[] normal, float[] ones) {
      float mean = kernels.dot(width, x, at, ones, 0) / width;
      for (int j = 0; j < width; j++) {
        normal[at + j] = x[at + j] - mean;
      }
      float variance = kernels.dot(width, normal, at, normal, at) / width;
      float scale = 1 / (float) Math.sqrt(variance + epsilon);
      for (int j = 0; j < width; j++) {
        normal[at + j] *= scale;
      }
      return scale;
    }

    @Override
    public Bundle backward(
        Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
      Trace trace = context.pop(Trace.class);
      FloatSeq dy = dOutput.main();
      int rows = dy.time() * dy.batch();
      float[] dx = context.floats(rows * width);
      float[] ones = ones(context);
      for (int r = 0; r < rows; r++) {
        rowBack(params, trace, r, dy.data(), ones, context.kernels(), grads, dx);
      }
      return dOutput.onlyMain(new FloatSeq(dy.time(), dy.batch(), width, dx));
    }

    /** Row r. grads, dx: Modified. */
    private void rowBack(
        Slice params,
        Trace trace,
        int r,
        float[] dy,
        float[] ones,
        Kernels kernels,
        Slice grads,
        float[] dx) {
      float[] normal = trace.normal().data();
      int at = r * width;
      Slice gain = gain(params);
      Slice dGain = gain(grads);
      Slice dBias = bias(grads);
      for (int j = 0; j < width; j++) {
        float d = dy[at + j];
        int g = dGain.offset() + j;
        dGain.data()[g] = Math.fma(d, normal[at + j], dGain.data()[g]);
        dBias.data()[dBias.offset() + j] += d;
        dx[at + j] = d * gain.data()[gain.offset() + j];
      }
      float mean = kernels.dot(width, dx, at, ones, 0) / width;
      float along = kernels.dot(width, dx, at, normal, at) / width;
      for (int j = 0; j < width; j++) {
        float d = Math.fma(-along, normal[at + j], dx[at + j] - mean);
        dx[at + j] = trace.scales()[r] * d;
      }
    }
  }
}
