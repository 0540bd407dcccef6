package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a layer takes or gives: the width of each named part of a bundle.
 *
 * @param widths floats in a step of each float part; 0 stands for a part of integer ids
 */
public record Shape(Map<String, Integer> widths) {

  /** Keeps a sorted copy. */
  public Shape {
    widths = java.util.Collections.unmodifiableMap(new TreeMap<>(widths));
  }

  /** A shape of the main part alone. */
  public static Shape of(int width) {
    return new Shape(Map.of(Bundle.MAIN, width));
  }

  /** The width of the main part. */
  public int main() {
    return width(Bundle.MAIN);
  }

  /**
   * The width of a part.
   *
   * @throws IllegalArgumentException if there is no such part
   */
  public int width(String part) {
    Integer width = widths.get(part);
    if (width == null) {
      throw new IllegalArgumentException("no part '%s', only %s".formatted(part, widths.keySet()));
    }
    return width;
  }
}
