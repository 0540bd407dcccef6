package dev.eddy.jobs.report;

import java.util.Locale;

/** Numbers as people read them. */
final class Figures {
  static final String UNKNOWN = "–";

  private Figures() {}

  /** Four digits that count. */
  static String number(double value) {
    double size = Math.abs(value);
    if (!Double.isFinite(value)) {
      return UNKNOWN;
    }
    if (size >= 1000) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    if (size >= 100) {
      return String.format(Locale.ROOT, "%.1f", value);
    }
    if (size >= 1) {
      return String.format(Locale.ROOT, "%.3f", value);
    }
    return size == 0 ? "0" : String.format(Locale.ROOT, size >= 0.001 ? "%.4f" : "%.2e", value);
  }

  static String percent(double share) {
    return Double.isFinite(share) ? String.format(Locale.ROOT, "%.1f %%", 100 * share) : UNKNOWN;
  }

  /**
   * How an error stands to another: {@code 6.5 % lower}, or {@code the same} where the shown digits
   * cannot tell them apart.
   *
   * @param better the share by which it is lower; negative where it is higher
   */
  static String beside(double better) {
    if (same(better)) {
      return "the same";
    }
    return percent(Math.abs(better)) + (better > 0 ? " lower" : " higher");
  }

  /** Whether a share shows as nothing. */
  static boolean same(double share) {
    return percent(Math.abs(share)).equals(percent(0));
  }

  /** Large numbers in a few characters: {@code 3.4 M}. */
  static String amount(double value) {
    if (!Double.isFinite(value)) {
      return UNKNOWN;
    }
    if (value >= 1e9) {
      return String.format(Locale.ROOT, "%.2f G", value / 1e9);
    }
    if (value >= 1e6) {
      return String.format(Locale.ROOT, "%.2f M", value / 1e6);
    }
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  static String duration(double seconds) {
    if (!Double.isFinite(seconds)) {
      return UNKNOWN;
    }
    if (seconds < 1) {
      return String.format(Locale.ROOT, "%.0f ms", seconds * 1e3);
    }
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? whole / 60 + " min " + whole % 60 + " s"
        : whole / 3600 + " h " + whole % 3600 / 60 + " min";
  }
}
