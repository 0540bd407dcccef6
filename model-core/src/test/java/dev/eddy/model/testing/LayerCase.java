package dev.eddy.model.testing;

import dev.eddy.model.kernel.Rng;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lookback;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.seq.IntSeq;
import java.util.EnumMap;
import java.util.Map;

/**
 * One layer in one setting, as the contract kit tries it.
 *
 * @param spec the layer
 * @param input what it is given
 * @param ids integer parts hold ids from 0 to this, exclusive
 * @param skips checks that cannot hold for it, each with the reason
 */
public record LayerCase(
    LayerSpec spec, Shape input, int ids, Map<LayerContract.Check, String> skips) {
  /** A side runs on another clock: it has this many steps more. */
  private static final int SIDE_STEPS = 1;

  /** A case for which every check must hold. */
  public static LayerCase of(LayerSpec spec, Shape input) {
    return new LayerCase(spec, input, 5, Map.of());
  }

  /** The same with ids from 0 to this, exclusive. */
  public LayerCase withIds(int ids) {
    return new LayerCase(spec, input, ids, skips);
  }

  /** The same, without one check. */
  public LayerCase skipping(LayerContract.Check check, String reason) {
    Map<LayerContract.Check, String> more = new EnumMap<>(LayerContract.Check.class);
    more.putAll(skips);
    more.put(check, reason);
    return new LayerCase(spec, input, ids, more);
  }

  /**
   * A random input; part "series" is made of values, observed flags and small gaps, now and then a
   * long one.
   */
  Bundle randomInput(int time, int batch, Rng rng) {
    Bundle bundle = randomParts(input.withoutSides(), time, batch, rng);
    for (String side : input.sides()) {
      bundle = bundle.withSide(side, randomParts(input.side(side), time + SIDE_STEPS, batch, rng));
    }
    return bundle;
  }

  private Bundle randomParts(Shape shape, int time, int batch, Rng rng) {
    Bundle bundle = Bundle.none();
    for (Map.Entry<String, Integer> part : shape.widths().entrySet()) {
      bundle =
          bundle.with(
              part.getKey(),
              part.getValue() == 0
                  ? randomIds(time, batch, rng)
                  : randomFloats(part.getKey(), time, batch, part.getValue(), rng));
    }
    return bundle;
  }

  private IntSeq randomIds(int time, int batch, Rng rng) {
    int[] data = new int[time * batch];
    for (int i = 0; i < data.length; i++) {
      data[i] = rng.nextInt(ids);
    }
    return new IntSeq(time, batch, data);
  }

  private static FloatSeq randomFloats(String part, int time, int batch, int width, Rng rng) {
    FloatSeq seq = FloatSeq.zeros(time, batch, width);
    for (int i = 0; i < seq.data().length; i++) {
      seq.data()[i] = differentiable(part, i) ? normal(rng) : flagOrGap(i, rng);
    }
    return seq;
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
