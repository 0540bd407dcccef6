package dev.eddy.model.layer;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.io.Serializable;

/**
 * The hyperparameters of a layer: an immutable record that a configuration or a model file spells
 * as {@code {kind: {parameter: value}}}. {@link LayerKinds} lists the kinds.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
public interface LayerSpec extends Serializable {
  /** The name in configurations and model files, for example {@code lstm}. */
  String kind();

  /**
   * The shape that comes out where this one goes in.
   *
   * @throws IllegalArgumentException if the layer cannot take this input; the message names the
   *     layer, what it got and what it takes
   */
  Shape outputShape(Shape input);

  /** Builds the layer for inputs of this shape. */
  Layer build(Shape input);
}
