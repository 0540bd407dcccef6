package dev.eddy.model.train;

import dev.eddy.model.kernel.Rng;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;

/**
 * Noise x in [-1, 1), and the target x[t] + x[t - 2], which only a network with a memory can give.
 */
final class ToySeries implements TrainingSeries {
  private final String name;
  final float[] x;
  private final float[] target;

  ToySeries(int length, long seed) {
    this.name = "toy-" + seed;
    this.x = new float[length];
    this.target = new float[length];
    Rng rng = new Rng(seed);
    for (int t = 0; t < length; t++) {
      x[t] = 2 * rng.nextFloat() - 1;
      target[t] = t < 2 ? Float.NaN : x[t] + x[t - 2];
    }
  }

  /** The same series with other targets in [from, to). */
  ToySeries withTarget(int from, int to, float value) {
    java.util.Arrays.fill(target, from, to, value);
    return this;
  }

  Stretch stretch(int from, int to) {
    return new Stretch(this, from, to);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int length() {
    return x.length;
  }

  @Override
  public Shape input() {
    return Shape.of(1);
  }

  @Override
  public int targetWidth() {
    return 1;
  }

  @Override
  public void input(int t, Bundle into, int row, int b) {
    FloatSeq main = into.main();
    main.data()[main.at(row, b)] = x[t];
  }

  @Override
  public void target(int t, float[] into, int offset) {
    into[offset] = target[t];
  }
}
