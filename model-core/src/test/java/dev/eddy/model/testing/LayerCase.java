package dev.eddy.model.testing;

import dev.eddy.model.kernel.Rng;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lookback;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.EnumMap;
import java.util.Map;

/**
 * One layer in one setting, as the contract kit tries it.
 *
 * @param spec the layer
 * @param input what it is given
 * @param skips checks that cannot hold for it, each with the reason
 */
public record LayerCase(LayerSpec spec, Shape input, Map<LayerContract.Check, String> skips) {

  /** A case for which every check must hold. */
  public static LayerCase of(LayerSpec spec, Shape input) {
    return new LayerCase(spec, input, Map.of());
  }

  /** The same, without one check. */
  public LayerCase skipping(LayerContract.Check check, String reason) {
    Map<LayerContract.Check, String> more = new EnumMap<>(LayerContract.Check.class);
    more.putAll(skips);
    more.put(check, reason);
    return new LayerCase(spec, input, more);
  }

  /**
   * A random input; part "series" is made of values, observed flags and small gaps, now and then a
   * long one.
   */
  Bundle randomInput(int time, int batch, Rng rng) {
    Bundle bundle = null;
    for (Map.Entry<String, Integer> part : input.widths().entrySet()) {
      FloatSeq seq = FloatSeq.zeros(time, batch, part.getValue());
      for (int i = 0; i < seq.data().length; i++) {
        seq.data()[i] = differentiable(part.getKey(), i) ? normal(rng) : flagOrGap(i, rng);
      }
      bundle = bundle == null ? Bundle.of(part.getKey(), seq) : bundle.with(part.getKey(), seq);
    }
    return bundle;
  }

  /** Whether the layer has a derivative by element i of a part: not so by flags and counts. */
  static boolean differentiable(String part, int i) {
    return !part.equals(Lookback.PART) || i % 3 == 0;
  }

  static float normal(Rng rng) {
    return (float) rng.nextGaussian();
  }

  private static float flagOrGap(int i, Rng rng) {
    if (i % 3 == 1) {
      return rng.nextFloat() < 0.7f ? 1 : 0;
    }
    return rng.nextFloat() < 0.1f ? 20 + rng.nextInt(20) : rng.nextInt(4);
  }

  @Override
  public String toString() {
    return spec + " on " + input.widths();
  }
}
