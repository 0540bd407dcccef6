package dev.eddy.model.layer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import java.util.Map;
import java.util.TreeMap;

/**
 * The layer kinds that configurations and model files may name. Nothing outside this list is ever
 * instantiated.
 */
public final class LayerKinds {
  private static final Map<String, Class<? extends LayerSpec>> KINDS =
      new TreeMap<>(
          Map.of(
              "dense", Dense.class,
              "gather", Gather.class,
              "lookback", Lookback.class,
              "lstm", Lstm.class,
              "nlinear", NLinear.class,
              "sequential", Sequential.class,
              "sum", Sum.class));

  private LayerKinds() {}

  /** Every kind by its name, sorted. */
  public static Map<String, Class<? extends LayerSpec>> all() {
    return java.util.Collections.unmodifiableMap(KINDS);
  }

  /** Teaches a mapper to read and write specifications as {@code {kind: {parameter: value}}}. */
  public static ObjectMapper register(ObjectMapper mapper) {
    KINDS.forEach((kind, type) -> mapper.registerSubtypes(new NamedType(type, kind)));
    return mapper;
  }
}
