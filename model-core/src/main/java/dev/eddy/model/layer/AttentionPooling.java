package dev.eddy.model.layer;

import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.List;

/**
 * Self-attention pooling: one step out of many, their mean weighted by learned queries v:
 *
 * <pre>
 * weights of head k = softmax over the real steps of (v_k tanh(x W + b))
 * output = [sum of weights of head 1 times x, ..., the same of head K]
 * </pre>
 *
 * <p>One head is the attention of Yang et al. (2016), several are the structured self-attention of
 * Lin et al. (2017). A sequence without real steps gives zeros. Not causal: it needs the whole
 * sequence. Derivation: docs/layers/attention.md.
 *
 * @param units tanh units of the comparison
 * @param heads learned queries; 1 if left out
 */
public record AttentionPooling(int units, Integer heads) implements LayerSpec {

  /** Fills in the default. */
  public AttentionPooling {
    heads = heads == null ? 1 : heads;
    if (units < 1 || units > Limits.UNITS || heads < 1 || heads > Limits.UNITS) {
      throw new IllegalArgumentException(
          "attention-pooling: units and heads must be from 1 to %,d, got units=%d heads=%d"
              .formatted(Limits.UNITS, units, heads));
    }
  }

  @Override
  public String kind() {
    return "attention-pooling";
  }

  @Override
  public Shape outputShape(Shape input) {
    long width = (long) heads * ShapeException.width(this, input, Bundle.MAIN);
    if (width > Limits.UNITS) {
      throw new ShapeException(
          kind(),
          "would give %,d floats, at most %,d are allowed: take fewer heads"
              .formatted(width, Limits.UNITS));
    }
    return Shape.of((int) width);
  }

  @Override
  public Layer build(Shape input) {
    outputShape(input);
    return new Built(input.main(), units, heads);
  }

  private record Built(int in, int units, int heads) implements Layer {
    /** rows [B][T][in], z [B][T][units] after tanh, weights [B][heads][T]. */
    private record Trace(Bundle input, float[] rows, float[] z, float[] weights) {}

    @Override
    public List<Param> params() {
      return List.of(
          new Param("W", in, units, Inits.glorot(in, units)),
          new Param("b", 1, units, Inits.constant(0)),
          new Param("V", units, heads, Inits.glorot(units, 1)));
    }

    private Slice w(Slice params) {
      return params.sub(0, in * units);
    }

    private Slice b(Slice params) {
      return params.sub(in * units, units);
    }

    private Slice v(Slice params) {
      return params.sub((in + 1) * units, units * heads);
    }

    @Override
    public int stateSize() {
      return 0;
    }

    @Override
    public boolean causal() {
      return false;
    }

    @Override
    public Bundle forward(Slice params, Bundle input, StateSlice state, Context context) {
      Kernels kernels = context.kernels();
      FloatSeq x = input.main();
      int time = x.time();
      int all = x.batch() * time;
      float[] rows = context.floats(all * in);
      for (int b = 0; b < x.batch(); b++) {
        RealSteps.gather(input, x, b, rows);
      }
      float[] z = context.floats(all * units);
      Products.fillRows(all, units, b(params), z);
      Products.addTimes(kernels, all, in, units, rows, w(params), z);
      kernels.tanh(all * units, z, 0, z, 0);
      float[] scores = context.floats(all * heads);
      Products.addTimes(kernels, all, units, heads, z, v(params), scores);
      float[] weights = context.floats(all * heads);
      float[] turned = context.floats(time * heads);
      float[] partials = Softmax.partials(context);
      float[] y = context.floats(x.batch() * heads * in);
      for (int b = 0; b < x.batch(); b++) {
        int n = input.realSteps(b);
        Products.transpose(n, heads, scores, b * time * heads, turned);
        int at = b * heads * time;
        for (int k = 0; k < heads; k++) {
          System.arraycopy(turned, k * n, weights, at + k * time, n);
          Softmax.apply(kernels, n, weights, at + k * time, partials);
        }
        int from = b * time * in;
        int to = b * heads * in;
        kernels.addProduct(heads, in, n, weights, at, time, 1, rows, from, in, y, to, in);
      }
      context.push(new Trace(input, rows, z, weights));
      return Bundle.of(new FloatSeq(1, x.batch(), heads * in, y)).withStarts(input.starts());
    }

    @Override
    public Bundle backward(
        Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
      Trace trace = context.pop(Trace.class);
      Kernels kernels = context.kernels();
      Bundle input = trace.input();
      int time = input.time();
      int all = input.batch() * time;
      float[] dRows = context.floats(all * in);
      float[] dScores = scoresBack(trace, dOutput.main().data(), dRows, context);
      Products.addWeightGradient(kernels, all, units, heads, trace.z(), dScores, v(grads));
      float[] dz = Products.inputGradient(all, units, heads, dScores, v(params), context);
      for (int i = 0; i < all * units; i++) {
        dz[i] *= 1 - trace.z()[i] * trace.z()[i];
      }
      Products.addWeightGradient(kernels, all, in, units, trace.rows(), dz, w(grads));
      Products.addBiasGradient(context.kernels(), all, units, dz, b(grads));
      float[] byScores = Products.inputGradient(all, in, units, dz, w(params), context);
      for (int i = 0; i < all * in; i++) {
        dRows[i] += byScores[i];
      }
      FloatSeq dx = new FloatSeq(time, input.batch(), in, context.floats(all * in));
      for (int b = 0; b < input.batch(); b++) {
        RealSteps.scatter(input, dRows, b, dx);
      }
      return Bundle.of(dx);
    }

    /**
     * The derivative by the scores, {@code [B][T][heads]}; that of the weighted sums by the steps
     * is added to dRows. dy: Not modified. dRows: Modified.
     */
    private float[] scoresBack(Trace trace, float[] dy, float[] dRows, Context context) {
      Kernels kernels = context.kernels();
      int time = trace.input().time();
      int batch = trace.input().batch();
      float[] dScores = context.floats(batch * time * heads);
      float[] dWeights = context.floats(batch * heads * time);
      float[] rowsT = context.floats(time * in);
      for (int b = 0; b < batch; b++) {
        int n = trace.input().realSteps(b);
        int rowsAt = b * time * in;
        int dyAt = b * heads * in;
        int at = b * heads * time;
        Products.transpose(n, in, trace.rows(), rowsAt, rowsT);
        kernels.addProduct(heads, n, in, dy, dyAt, in, 1, rowsT, 0, n, dWeights, at, time);
        kernels.addProduct(
            n, in, heads, trace.weights(), at, 1, time, dy, dyAt, in, dRows, rowsAt, in);
        for (int k = 0; k < heads; k++) {
          Softmax.back(kernels, n, trace.weights(), at + k * time, dWeights);
          for (int s = 0; s < n; s++) {
            dScores[(b * time + s) * heads + k] = dWeights[at + k * time + s];
          }
        }
      }
      return dScores;
    }
  }
}
