package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;

/**
 * A layer cannot take what it is given. The message begins with the layer's path in the network:
 * {@code sequential.sum1.lstm0: ...}.
 */
public final class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String path;
  private final String reason;

  /**
   * A complaint of the layer called {@code path}, which says what was expected, what came, and what
   * to do.
   */
  public ShapeException(String path, String reason) {
    super(path + ": " + reason);
    this.path = path;
    this.reason = reason;
  }

  /**
   * The same complaint, told by the container of this kind that holds the layer under the name
   * {@code child}.
   */
  ShapeException inside(String container, String child) {
    return toldBy(container + "." + child);
  }

  /** The same complaint under another name of the layer. */
  ShapeException toldBy(String layer) {
    int end = path.indexOf('.');
    return new ShapeException(layer + (end < 0 ? "" : path.substring(end)), reason);
  }

  /**
   * The width of the float part that a layer reads.
   *
   * @throws ShapeException if the input has no such part or it holds ids
   */
  static int width(LayerSpec reader, Shape input, String part) {
    Integer width = input.widths().get(part);
    if (width == null) {
      throw new ShapeException(
          reader.kind(),
          "reads part '%s', but its input has only %s".formatted(part, input.widths().keySet()));
    }
    if (width == 0) {
      throw new ShapeException(
          reader.kind(), "reads floats from part '%s', which holds integer ids".formatted(part));
    }
    return width;
  }

  /**
   * The image that each step of the main part is.
   *
   * @throws ShapeException if the input has no main part or nothing says how it is an image
   */
  static Shape.Image image(LayerSpec reader, Shape input) {
    int width = width(reader, input, Bundle.MAIN);
    if (input.image() == null) {
      throw new ShapeException(
          reader.kind(),
          ("reads images, but nothing says how %d floats are one: put it into time-distributed,"
                  + " with height, width and channels")
              .formatted(width));
    }
    return input.image();
  }

  /**
   * Checks that the part which a layer reads holds ids.
   *
   * @throws ShapeException if the input has no such part or it holds floats
   */
  static void ids(LayerSpec reader, Shape input, String part) {
    Integer width = input.widths().get(part);
    if (width == null) {
      throw new ShapeException(
          reader.kind(),
          "reads part '%s', but its input has only %s".formatted(part, input.widths().keySet()));
    }
    if (width != 0) {
      throw new ShapeException(
          reader.kind(),
          "reads integer ids from part '%s', which holds %d floats a step".formatted(part, width));
    }
  }
}
