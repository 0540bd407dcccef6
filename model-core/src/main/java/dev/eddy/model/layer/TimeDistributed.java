package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;
import java.util.List;

/**
 * Layers over images, the same at every step of a sequence of images. A step holds an image's
 * floats as {@code [height][width][channels]}; the layers one after another are told the image's
 * shape, and what the last one gives is a plain step again. They have no memory of steps before.
 * docs/layers/convolution.md.
 *
 * @param height pixels
 * @param width pixels
 * @param channels floats of a pixel
 * @param layers first to last
 */
public record TimeDistributed(int height, int width, int channels, List<LayerSpec> layers)
    implements LayerSpec {

  /** Keeps a copy. */
  public TimeDistributed {
    if (layers == null || layers.isEmpty()) {
      throw new IllegalArgumentException("time-distributed: needs at least one layer");
    }
    layers = List.copyOf(layers);
  }

  /** These layers, first to last. */
  public static TimeDistributed of(int height, int width, int channels, LayerSpec... layers) {
    return new TimeDistributed(height, width, channels, List.of(layers));
  }

  @Override
  public String kind() {
    return "time-distributed";
  }

  private Shape images(Shape input) {
    int floats = ShapeException.width(this, input, Bundle.MAIN);
    Shape.Image image = new Shape.Image(height, width, channels);
    if (image.floats() != floats) {
      throw new ShapeException(
          kind(),
          "an image %s has %d floats, its input's steps have %d"
              .formatted(image, image.floats(), floats));
    }
    return Shape.of(image).withSidesOf(input);
  }

  @Override
  public Shape outputShape(Shape input) {
    Shape images = images(input);
    return Shape.of(Children.as(kind(), () -> new Sequential(layers).outputShape(images)).main());
  }

  @Override
  public Layer build(Shape input) {
    Shape images = images(input);
    Layer built = Children.as(kind(), () -> new Sequential(layers).build(images));
    if (built.stateSize() > 0 || !built.causal()) {
      throw new ShapeException(
          kind(),
          "its layers see one step at a time: put those that look at several after it, not inside");
    }
    return built;
  }
}
