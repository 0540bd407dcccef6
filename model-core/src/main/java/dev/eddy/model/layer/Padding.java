package dev.eddy.model.layer;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a window that moves along an axis finds beyond its ends. */
public enum Padding {
  /** Zeros before the beginning: an output sees nothing that comes after it. */
  @JsonProperty("causal")
  CAUSAL,
  /** Zeros on both sides, one more at the end where they are odd: as many outputs as inputs. */
  @JsonProperty("same")
  SAME,
  /** Nothing: only windows that lie inside. */
  @JsonProperty("valid")
  VALID;

  /**
   * How many zeros stand before the beginning.
   *
   * @param span from a window's first to its last element, both counted
   */
  int before(int span) {
    return switch (this) {
      case CAUSAL -> span - 1;
      case SAME -> (span - 1) / 2;
      case VALID -> 0;
    };
  }

  /**
   * How many windows there are over n elements, {@code stride} apart.
   *
   * @param span from a window's first to its last element, both counted
   */
  int windows(int n, int span, int stride) {
    int places = this == VALID ? Math.max(n - span + 1, 0) : n;
    return (places + stride - 1) / stride;
  }
}
