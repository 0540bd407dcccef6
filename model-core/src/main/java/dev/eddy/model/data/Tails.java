package dev.eddy.model.data;

import java.util.ArrayList;
import java.util.List;

/**
 * Readings of many series as they came, one after another, in pieces of a fixed size: room is used
 * to the last byte, whatever the number of series.
 */
final class Tails {
  /** What a reading takes: number of the series, time, value. */
  static final int READING_BYTES = Integer.BYTES + Long.BYTES + Double.BYTES;

  /** Readings of a piece. */
  static final int PIECE = 1024;

  /** A piece; its arrays are {@code [PIECE]}. */
  private record Piece(int[] series, long[] times, double[] values) {
    Piece() {
      this(new int[PIECE], new long[PIECE], new double[PIECE]);
    }
  }

  private final List<Piece> pieces = new ArrayList<>();
  private int size;

  /** How many readings. */
  int size() {
    return size;
  }

  /** For how many readings there is room already. */
  int room() {
    return pieces.size() * PIECE;
  }

  void add(int series, long time, double value) {
    if (size == room()) {
      pieces.add(new Piece());
    }
    Piece piece = pieces.get(size / PIECE);
    int at = size % PIECE;
    piece.series[at] = series;
    piece.times[at] = time;
    piece.values[at] = value;
    size++;
  }

  int series(int i) {
    return pieces.get(i / PIECE).series[i % PIECE];
  }

  long time(int i) {
    return pieces.get(i / PIECE).times[i % PIECE];
  }

  double value(int i) {
    return pieces.get(i / PIECE).values[i % PIECE];
  }

  /** Forgets the readings and keeps the room. */
  void clear() {
    size = 0;
  }

  /** Forgets the room too. */
  void free() {
    size = 0;
    pieces.clear();
  }
}
