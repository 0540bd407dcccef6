package dev.eddy.jobs.report;

import java.util.ArrayList;
import java.util.List;

/**
 * The rounds of a run in bounded memory: when there are too many points, neighbours are put
 * together, and from then on every point stands for twice as many rounds.
 */
final class RoundPoints {
  private final int limit;
  private List<RoundPoint> points = new ArrayList<>();
  private int width = 1;

  /**
   * Keeps at most so many points (and one more for every change of stage).
   *
   * @param limit at least 2
   */
  RoundPoints(int limit) {
    this.limit = limit;
  }

  void add(RoundPoint point) {
    push(points, point);
    if (points.size() > limit) {
      width *= 2;
      List<RoundPoint> fewer = new ArrayList<>();
      points.forEach(old -> push(fewer, old));
      points = fewer;
    }
  }

  /** Into the last point where that has room for it and is of the same stage, else as a new one. */
  private void push(List<RoundPoint> into, RoundPoint point) {
    int end = into.size() - 1;
    if (end >= 0
        && into.get(end).stage().equals(point.stage())
        && into.get(end).rounds() + point.rounds() <= width) {
      into.set(end, into.get(end).plus(point));
    } else {
      into.add(point);
    }
  }

  List<RoundPoint> all() {
    return List.copyOf(points);
  }

  /** Rounds that a point stands for, at most. */
  int width() {
    return width;
  }
}
