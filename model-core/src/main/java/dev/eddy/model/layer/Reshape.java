package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;

/**
 * The same floats in steps of another width: a step of the input is cut into several, or several
 * are joined to one. What is missing of the last one is zero. docs/layers/pooling.md.
 *
 * @param width floats in a step of the output; a divisor or a multiple of the input's
 */
public record Reshape(int width) implements LayerSpec {

  /** Checks the number. */
  public Reshape {
    if (width < 1 || width > Limits.UNITS) {
      throw new IllegalArgumentException(
          "reshape: width must be from 1 to %,d, got %d".formatted(Limits.UNITS, width));
    }
  }

  @Override
  public String kind() {
    return "reshape";
  }

  @Override
  public Shape outputShape(Shape input) {
    int in = ShapeException.width(this, input, Bundle.MAIN);
    if (in % width != 0 && width % in != 0) {
      throw new ShapeException(
          kind(),
          "cannot make steps of %d floats from steps of %d: one must be a multiple of the other"
              .formatted(width, in));
    }
    return Shape.of(width);
  }

  @Override
  public Layer build(Shape input) {
    outputShape(input);
    int in = input.main();
    return in >= width
        ? new Regroup(in, 1, 1, in / width, width, width, 0)
        : new Regroup(in, width / in, width / in, 1, in, 0, 0);
  }
}
