package dev.eddy.model.optim;

/** Checks of constants, with one wording. */
final class Checks {
  private Checks() {}

  /** Throws unless good: {@code adam: beta1 must be within [0, 1), got 1.0}. */
  static void check(boolean good, String kind, String field, String allowed, double value) {
    if (!good) {
      throw new IllegalArgumentException(
          "%s: %s must be %s, got %s".formatted(kind, field, allowed, value));
    }
  }

  /** Within [0, 1): the share of the past that a running mean keeps. */
  static void share(String kind, String field, double value) {
    check(value >= 0 && value < 1, kind, field, "within [0, 1)", value);
  }

  static void positive(String kind, String field, double value) {
    check(value > 0 && value < Double.POSITIVE_INFINITY, kind, field, "above 0 and finite", value);
  }

  static void notNegative(String kind, String field, double value) {
    check(
        value >= 0 && value < Double.POSITIVE_INFINITY,
        kind,
        field,
        "at least 0 and finite",
        value);
  }

  static void atLeastOne(String kind, String field, long value) {
    check(value >= 1, kind, field, "at least 1", (double) value);
  }
}
