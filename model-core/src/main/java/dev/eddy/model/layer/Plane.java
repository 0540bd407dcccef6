package dev.eddy.model.layer;

/**
 * Square windows moving over an image, row by row.
 *
 * @param image what they move over
 * @param size height and width of a window
 * @param stride from one window to the next, in both directions
 * @param padding what lies beyond the image's edges: same or valid
 */
record Plane(Shape.Image image, int size, int stride, Padding padding) {

  /** Checks the numbers of a specification. */
  static void check(String kind, int size, int stride, Padding padding) {
    if (size < 1 || size > Limits.STEPS || stride < 1 || stride > Limits.STEPS) {
      throw new IllegalArgumentException(
          "%s: windows and strides must be from 1 to %,d, got %d and %d"
              .formatted(kind, Limits.STEPS, size, stride));
    }
    if (padding == Padding.CAUSAL) {
      throw new IllegalArgumentException(
          kind + ": padding must be same or valid, got causal: an image has no direction of time");
    }
  }

  /**
   * Windows over the images that a layer reads.
   *
   * @throws ShapeException if it gets no images, or no window fits into them
   */
  static Plane of(LayerSpec reader, Shape input, int size, int stride, Padding padding) {
    Plane plane = new Plane(ShapeException.image(reader, input), size, stride, padding);
    if (plane.height() < 1 || plane.width() < 1) {
      throw new ShapeException(
          reader.kind(),
          "windows of %d x %d do not fit into images %s: make them smaller, or padding same"
              .formatted(size, size, plane.image()));
    }
    return plane;
  }

  /** Rows of windows. */
  int height() {
    return padding.windows(image.height(), size, stride);
  }

  /** Windows in a row. */
  int width() {
    return padding.windows(image.width(), size, stride);
  }

  /** Where a window begins, in pixels of either direction; negative beyond the edge. */
  int first(int window) {
    return window * stride - padding.before(size);
  }

  /** Whether there is such a pixel. */
  boolean inside(int row, int column) {
    return row >= 0 && row < image.height() && column >= 0 && column < image.width();
  }

  /** Where a pixel begins within an image. */
  int at(int row, int column) {
    return (row * image.width() + column) * image.channels();
  }
}
