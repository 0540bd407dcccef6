package dev.eddy.model.train;

import dev.eddy.model.layer.Shape;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Copies steps of several series into the time-major buffers that a network takes. The buffers are
 * used again by the next call, so that what was filled before is gone.
 */
final class SeriesBatch {
  private final Shape shape;
  private final int targetWidth;
  private final Map<String, float[]> buffers = new HashMap<>();
  private float[] targetBuffer = new float[0];

  SeriesBatch(Shape shape, int targetWidth) {
    this.shape = shape;
    this.targetWidth = targetWidth;
  }

  /**
   * The inputs of steps {@code first[b] .. first[b] + time - 1} in row b; zeros where a series has
   * no such step.
   *
   * @param rows {@code [B]}
   * @param first {@code [B]}
   */
  Bundle inputs(Stretch[] rows, int[] first, int time) {
    int batch = rows.length;
    Bundle bundle = null;
    for (Map.Entry<String, Integer> part : shape.widths().entrySet()) {
      int width = part.getValue();
      float[] data = buffers.compute(part.getKey(), (k, old) -> zeros(old, time * batch * width));
      FloatSeq seq = new FloatSeq(time, batch, width, data);
      bundle = bundle == null ? Bundle.of(part.getKey(), seq) : bundle.with(part.getKey(), seq);
    }
    for (int t = 0; t < time; t++) {
      for (int b = 0; b < batch; b++) {
        int step = first[b] + t;
        if (step >= 0 && step < rows[b].series().length()) {
          rows[b].series().input(step, bundle, t, b);
        }
      }
    }
    return bundle;
  }

  /**
   * The targets of the same steps, {@code [T][B][targetWidth]}; NaN outside {@code [from[b],
   * to[b])}.
   *
   * @param from {@code [B]}
   * @param to {@code [B]}
   */
  FloatSeq targets(Stretch[] rows, int[] first, int time, int[] from, int[] to) {
    int batch = rows.length;
    int size = time * batch * targetWidth;
    if (targetBuffer.length < size) {
      targetBuffer = new float[size];
    }
    Arrays.fill(targetBuffer, 0, size, Float.NaN);
    FloatSeq targets = new FloatSeq(time, batch, targetWidth, targetBuffer);
    for (int t = 0; t < time; t++) {
      for (int b = 0; b < batch; b++) {
        int step = first[b] + t;
        if (step >= from[b] && step < to[b]) {
          rows[b].series().target(step, targetBuffer, targets.at(t, b));
        }
      }
    }
    return targets;
  }

  /** At least n floats, zeros throughout. */
  private static float[] zeros(float[] old, int n) {
    if (old == null || old.length < n) {
      return new float[n];
    }
    Arrays.fill(old, 0, n, 0f);
    return old;
  }
}
