package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;

/**
 * Every step {@code times} times: after a {@link Pool} the way from one vector back to a sequence.
 * docs/layers/pooling.md.
 *
 * @param times steps of output for each step of input
 */
public record RepeatVector(int times) implements LayerSpec {

  /** Checks the number. */
  public RepeatVector {
    if (times < 1 || times > Limits.STEPS) {
      throw new IllegalArgumentException(
          "repeat-vector: times must be from 1 to %,d, got %d".formatted(Limits.STEPS, times));
    }
  }

  @Override
  public String kind() {
    return "repeat-vector";
  }

  @Override
  public Shape outputShape(Shape input) {
    return Shape.of(ShapeException.width(this, input, Bundle.MAIN));
  }

  @Override
  public Layer build(Shape input) {
    int width = ShapeException.width(this, input, Bundle.MAIN);
    return new Regroup(width, 1, 1, times, width, 0, 0);
  }
}
