package dev.eddy.jobs.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One mapping of the configuration while it is read. Every read names its key, its default and what
 * is allowed; a problem is noted and the default returned, so that one run finds them all. {@link
 * #end()} notes the keys that nobody asked for.
 */
final class Section {
  private final String path;
  private final JsonNode node;
  private final References references;
  private final Problems problems;
  private final Set<String> known = new LinkedHashSet<>();

  /** A mapping; a missing node reads as an empty one. */
  Section(String path, JsonNode node, References references, Problems problems) {
    this.path = path;
    this.references = references;
    this.problems = problems;
    boolean missing = node == null || node.isMissingNode() || node.isNull();
    if (!missing && !node.isObject()) {
      problems.error(path, "found %s, expected a mapping of keys".formatted(describe(node)));
    }
    this.node = missing || !node.isObject() ? null : node;
  }

  /**
   * A text scalar of the configuration with its references resolved, and whether it may be shown.
   */
  private record Scalar(String text, boolean secret) {
    String shown() {
      return secret ? Redaction.HIDDEN : "'" + text + "'";
    }
  }

  /** Whether the mapping itself is there. */
  boolean present() {
    return node != null;
  }

  /** Whether the key has a value. */
  boolean has(String key) {
    known.add(key);
    return node != null && node.hasNonNull(key);
  }

  /** The full path of a key. */
  String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** A nested mapping. */
  Section section(String key) {
    known.add(key);
    return new Section(path(key), node == null ? null : node.get(key), references, problems);
  }

  /** The node itself, null where it is missing: for values that are read elsewhere. */
  JsonNode node(String key) {
    return has(key) ? node.get(key) : null;
  }

  /** Any text. */
  String text(String key, String otherwise) {
    Scalar scalar = scalar(key);
    return scalar == null ? otherwise : scalar.text();
  }

  /** Text that must be there. */
  String text(String key) {
    if (!has(key)) {
      problems.error(path(key), "missing; it is required");
      return "";
    }
    return text(key, "");
  }

  /** A whole number within bounds. */
  long whole(String key, long otherwise, long min, long max) {
    return parsed(
        key,
        otherwise,
        "a whole number from %d to %d".formatted(min, max),
        Long::parseLong,
        min,
        max);
  }

  /** A number within bounds, both allowed. */
  double number(String key, double otherwise, double min, double max) {
    String allowed = "a number from %s to %s".formatted(min, max);
    return parsed(key, otherwise, allowed, Section::finite, min, max);
  }

  /** A share, {@code 10%} or {@code 0.1}, within bounds. */
  double share(String key, double otherwise, double min, double max) {
    String allowed = "a share from %s to %s, such as 10%% or 0.1".formatted(min, max);
    return parsed(key, otherwise, allowed, Units::share, min, max);
  }

  /** Milliseconds of a duration within bounds. */
  long millis(String key, String otherwise, long min, long max) {
    String allowed =
        "a duration from %s to %s with its unit, such as 250ms, 10s, 5 min, 1h"
            .formatted(Units.duration(min), Units.duration(max));
    return parsed(key, Units.millis(otherwise), allowed, Units::millis, min, max);
  }

  /** A number of bytes within bounds. */
  long bytes(String key, long otherwise, long min, long max) {
    String allowed = "a size from %d to %d bytes, such as 64 KiB or 1 MB".formatted(min, max);
    return parsed(key, otherwise, allowed, Units::bytes, min, max);
  }

  /** One of a few words. */
  String choice(String key, String otherwise, Collection<String> allowed) {
    Scalar scalar = scalar(key);
    if (scalar == null || allowed.contains(scalar.text())) {
      return scalar == null ? otherwise : scalar.text();
    }
    String near =
        scalar.secret()
            ? ""
            : Suggestion.nearest(scalar.text(), allowed)
                .map(word -> "; did you mean '" + word + "'?")
                .orElse("");
    problems.error(
        path(key),
        "found %s, expected one of %s%s"
            .formatted(scalar.shown(), String.join(", ", allowed), near));
    return otherwise;
  }

  /** One constant of an enum, spelt in lower case with dashes. */
  <E extends Enum<E>> E choice(String key, E otherwise, Class<E> type) {
    Map<String, E> words = new LinkedHashMap<>();
    for (E constant : type.getEnumConstants()) {
      words.put(constant.name().toLowerCase(Locale.ROOT).replace('_', '-'), constant);
    }
    String word = choice(key, null, words.keySet());
    return word == null ? otherwise : words.get(word);
  }

  /** Text that a check accepts; the check throws an exception where it does not. */
  String checked(String key, String otherwise, String allowed, Consumer<String> check) {
    Scalar scalar = scalar(key);
    if (scalar == null) {
      return otherwise;
    }
    try {
      check.accept(scalar.text());
      return scalar.text();
    } catch (RuntimeException e) {
      problems.error(path(key), "found %s, expected %s".formatted(scalar.shown(), allowed));
      return otherwise;
    }
  }

  /** One text or a list of them; empty where there is none. */
  List<String> texts(String key, String allowed) {
    if (has(key) && node.get(key).isArray()) {
      List<String> texts = list(key, allowed, text -> text);
      return texts == null ? List.of() : texts;
    }
    String one = text(key, null);
    return one == null ? List.of() : List.of(one);
  }

  /** A list of values, each parsed; null where the key is missing or the list is no good. */
  <T> List<T> list(String key, String allowed, Function<String, T> parse) {
    if (!has(key)) {
      return null;
    }
    JsonNode list = node.get(key);
    if (!list.isArray()) {
      problems.error(path(key), "found %s, expected a list: %s".formatted(describe(list), allowed));
      return null;
    }
    List<T> values = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      Scalar scalar = scalar("%s[%d]".formatted(path(key), i), list.get(i));
      if (scalar == null) {
        return null;
      }
      try {
        values.add(parse.apply(scalar.text()));
      } catch (RuntimeException e) {
        problems.error(
            "%s[%d]".formatted(path(key), i),
            "found %s, expected %s".formatted(scalar.shown(), allowed));
        return null;
      }
    }
    return List.copyOf(values);
  }

  /**
   * All entries as text, whatever their keys; the names of those that came by a reference go to
   * {@code referenced}.
   */
  Map<String, String> entries(Set<String> referenced) {
    Map<String, String> entries = new LinkedHashMap<>();
    if (node == null) {
      return entries;
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      known.add(entry.getKey());
      // The value may be a secret, so not even its beginning goes into a message.
      if (!entry.getValue().isValueNode() || entry.getValue().isNull()) {
        problems.error(
            path(entry.getKey()), "found %s, expected one value".formatted(kind(entry.getValue())));
        continue;
      }
      Scalar scalar = scalar(path(entry.getKey()), entry.getValue());
      if (scalar != null) {
        entries.put(entry.getKey(), scalar.text());
        if (scalar.secret()) {
          referenced.add(entry.getKey());
        }
      }
    }
    return entries;
  }

  /** Notes every key that nobody asked for. */
  void end() {
    if (node == null) {
      return;
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (!known.contains(entry.getKey())) {
        problems.error(path(entry.getKey()), Suggestion.unknown("key", entry.getKey(), known));
      }
    }
  }

  private <T extends Comparable<T>> T parsed(
      String key, T otherwise, String allowed, Function<String, T> parse, T min, T max) {
    Scalar scalar = scalar(key);
    if (scalar == null) {
      return otherwise;
    }
    try {
      T value = parse.apply(scalar.text());
      if (value.compareTo(min) >= 0 && value.compareTo(max) <= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Falls through to the same message: what was found and what is allowed says it all.
    }
    problems.error(path(key), "found %s, expected %s".formatted(scalar.shown(), allowed));
    return otherwise;
  }

  private static double finite(String text) {
    double value = Double.parseDouble(text);
    if (!Double.isFinite(value)) {
      throw new NumberFormatException("not finite");
    }
    return value;
  }

  private Scalar scalar(String key) {
    return has(key) ? scalar(path(key), node.get(key)) : null;
  }

  private Scalar scalar(String at, JsonNode value) {
    if (!value.isValueNode() || value.isNull()) {
      problems.error(at, "found %s, expected one value".formatted(describe(value)));
      return null;
    }
    String text = value.asText();
    if (!value.isTextual() || !References.isReference(text)) {
      return new Scalar(text, false);
    }
    try {
      return new Scalar(references.resolve(text), true);
    } catch (IllegalArgumentException e) {
      problems.error(at, e.getMessage());
      return null;
    }
  }

  /** What a node is, for messages: its value where it is a plain scalar, else its kind. */
  static String describe(JsonNode node) {
    return node.isValueNode() && !node.isNull() && !References.isReference(node.asText())
        ? "'" + node.asText() + "'"
        : kind(node);
  }

  private static String kind(JsonNode node) {
    if (node.isObject()) {
      return "a mapping";
    }
    if (node.isArray()) {
      return "a list";
    }
    return node.isNull() ? "nothing" : "a value";
  }
}
