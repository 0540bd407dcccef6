package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a layer takes or gives: the width of each named part of a bundle.
 *
 * @param widths floats in a step of each float part; 0 stands for a part of integer ids. Part p of
 *     side s is called {@code s/p}
 * @param image how the floats of a step of the main part are an image; null where they are none
 */
public record Shape(Map<String, Integer> widths, Image image) {
  private static final String SIDE = "/";

  /**
   * A step that is an image: {@code height * width * channels} floats, lying as {@code
   * [height][width][channels]}.
   */
  public record Image(int height, int width, int channels) {
    /** Checks the numbers. */
    public Image {
      boolean positive = height > 0 && width > 0 && channels > 0;
      long area = (long) height * width;
      if (!positive || area > Limits.UNITS || area * channels > Limits.UNITS) {
        throw new IllegalArgumentException(
            "an image must have from 1 to %,d floats, got height=%d width=%d channels=%d"
                .formatted(Limits.UNITS, height, width, channels));
      }
    }

    /** Floats in the image. */
    public int floats() {
      return height * width * channels;
    }

    @Override
    public String toString() {
      return "[%d][%d][%d]".formatted(height, width, channels);
    }
  }

  /** Keeps a sorted copy. */
  public Shape {
    widths = Collections.unmodifiableMap(new TreeMap<>(widths));
    assert image == null || image.floats() == widths.get(Bundle.MAIN) : image + " of " + widths;
  }

  /** A shape without an image. */
  public Shape(Map<String, Integer> widths) {
    this(widths, null);
  }

  /** A shape of the main part alone. */
  public static Shape of(int width) {
    return new Shape(Map.of(Bundle.MAIN, width));
  }

  /** What a part of a side is called. */
  static String part(String side, String part) {
    return side + SIDE + part;
  }

  /** A shape of images alone. */
  public static Shape of(Image image) {
    return new Shape(Map.of(Bundle.MAIN, image.floats()), image);
  }

  /** The names of the sides, sorted. */
  public Set<String> sides() {
    Set<String> names = new TreeSet<>();
    for (String part : widths.keySet()) {
      if (part.contains(SIDE)) {
        names.add(part.substring(0, part.indexOf(SIDE)));
      }
    }
    return names;
  }

  /** The shape of one side; without any part where there is no such side. */
  public Shape side(String name) {
    Map<String, Integer> side = new TreeMap<>();
    widths.forEach(
        (part, width) -> {
          if (part.startsWith(name + SIDE)) {
            side.put(part.substring(name.length() + 1), width);
          }
        });
    return new Shape(side);
  }

  /** This shape and the sides of another: what flows between the layers of a container. */
  public Shape withSidesOf(Shape other) {
    Map<String, Integer> more = new TreeMap<>(widths);
    other.widths.forEach(
        (part, width) -> {
          if (part.contains(SIDE)) {
            more.put(part, width);
          }
        });
    return new Shape(more, image);
  }

  /** This shape without its sides. */
  public Shape withoutSides() {
    Map<String, Integer> less = new TreeMap<>(widths);
    less.keySet().removeIf(part -> part.contains(SIDE));
    return new Shape(less, image);
  }

  /**
   * The main part alone, still an image where it is one: what a layer gives that works element by
   * element.
   */
  public Shape onlyMain() {
    return image == null ? of(main()) : of(image);
  }

  /** This shape with one more side. */
  public Shape withSide(String name, Shape side) {
    Map<String, Integer> more = new TreeMap<>(widths);
    side.widths.forEach((part, width) -> more.put(part(name, part), width));
    return new Shape(more, image);
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
