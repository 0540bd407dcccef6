package dev.eddy.model.layer;

import com.fasterxml.jackson.databind.ObjectMapper;

/** The layer kinds that configurations and model files may name. Nothing outside this list is ever instantiated. */
public final class LayerKinds {
  private LayerKinds() {}

  /** Teaches a mapper to read and write specifications as {@code {kind: {parameter: value}}}. */
  public static ObjectMapper register(ObjectMapper mapper) {
    throw new UnsupportedOperationException("being built");
  }
}
