package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;

/**
 * Every {@code factor}-th step of a sequence, beginning with the first; steps that are not real are
 * not counted. docs/layers/pooling.md.
 *
 * @param factor how many steps one is kept of
 */
public record TimeSubsampling(int factor) implements LayerSpec {

  /** Checks the number. */
  public TimeSubsampling {
    if (factor < 1 || factor > Limits.STEPS) {
      throw new IllegalArgumentException(
          "time-subsampling: factor must be from 1 to %,d, got %d".formatted(Limits.STEPS, factor));
    }
  }

  @Override
  public String kind() {
    return "time-subsampling";
  }

  @Override
  public Shape outputShape(Shape input) {
    return Shape.of(ShapeException.width(this, input, Bundle.MAIN));
  }

  @Override
  public Layer build(Shape input) {
    int width = ShapeException.width(this, input, Bundle.MAIN);
    return new Regroup(width, factor, 1, 1, width, 0, 0);
  }
}
