package dev.eddy.model.layer;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.eddy.model.kernel.Rng;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.List;

/**
 * In training, sets each value to zero with probability {@code rate} and scales the others by
 * {@code 1 / (1 - rate)}, which keeps the mean (Srivastava et al. 2014); otherwise gives its input.
 * Derivation: docs/layers/normalisation-and-dropout.md.
 *
 * @param rate the share that is dropped, from 0 to below 1
 * @param variational whether a sequence keeps one mask for all its steps (Gal and Ghahramani 2016)
 */
public record Dropout(float rate, @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean variational)
    implements LayerSpec {

  /** Checks the rate. */
  public Dropout {
    checkRate("dropout: rate", rate);
  }

  /** Every value by itself. */
  public static Dropout of(float rate) {
    return new Dropout(rate, false);
  }

  /** One mask for all steps of a sequence. */
  public static Dropout variational(float rate) {
    return new Dropout(rate, true);
  }

  static void checkRate(String what, float rate) {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException(
          "%s must be from 0 to below 1, got %s".formatted(what, rate));
    }
  }

  /** What n values are multiplied with: 0, or 1 / (1 - rate). */
  static float[] mask(float rate, int n, Context context) {
    float[] mask = context.floats(n);
    float kept = 1 / (1 - rate);
    Rng random = context.random();
    for (int i = 0; i < n; i++) {
      mask[i] = random.nextFloat() < rate ? 0f : kept;
    }
    return mask;
  }

  @Override
  public String kind() {
    return "dropout";
  }

  @Override
  public Shape outputShape(Shape input) {
    ShapeException.width(this, input, Bundle.MAIN);
    return input.onlyMain();
  }

  @Override
  public Layer build(Shape input) {
    outputShape(input);
    return new Built(rate, variational);
  }

  private record Built(float rate, boolean variational) implements Layer {
    /** mask: its rows are repeated; null where nothing was dropped. */
    private record Trace(float[] mask) {}

    @Override
    public List<Param> params() {
      return List.of();
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
      float[] mask = null;
      if (context.training() && rate > 0) {
        int rows = variational ? x.batch() : x.time() * x.batch();
        mask = Dropout.mask(rate, rows * x.width(), context);
      }
      context.push(new Trace(mask));
      return input.onlyMain(times(x, mask, context));
    }

    @Override
    public Bundle backward(
        Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
      float[] mask = context.pop(Trace.class).mask();
      return dOutput.onlyMain(times(dOutput.main(), mask, context));
    }

    private static FloatSeq times(FloatSeq x, float[] mask, Context context) {
      if (mask == null) {
        return x;
      }
      int n = x.time() * x.batch() * x.width();
      float[] y = context.floats(n);
      for (int at = 0; at < n; at += mask.length) {
        for (int i = 0; i < mask.length; i++) {
          y[at + i] = x.data()[at + i] * mask[i];
        }
      }
      return new FloatSeq(x.time(), x.batch(), x.width(), y);
    }
  }
}
