package dev.eddy.model.train;

import dev.eddy.model.kernel.Rng;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Steps {@code [from, to)} of a sequence: what is learned from, or scored, in one piece.
 *
 * @param example number of the sequence
 * @param from first step
 * @param to the step after the last
 */
public record Span(int example, int from, int to) {

  /** Checks the order. */
  public Span {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException(
          "steps [%d, %d) of sequence %d are no span".formatted(from, to, example));
    }
  }

  /** How many steps. */
  public int length() {
    return to - from;
  }

  /**
   * Cuts a span into lanes of equal length (the first may be longer by a step), so that one long
   * sequence gives the rows of a batch.
   */
  public List<Span> lanes(int count) {
    if (count < 1 || count > length()) {
      throw new IllegalArgumentException(
          "%d steps can be cut into 1 to %d lanes, got %d".formatted(length(), length(), count));
    }
    List<Span> lanes = new ArrayList<>();
    int begin = from;
    for (int i = 0; i < count; i++) {
      int end = begin + length() / count + (i < length() % count ? 1 : 0);
      lanes.add(new Span(example, begin, end));
      begin = end;
    }
    return lanes;
  }

  /**
   * What is learned from and what tells when to stop.
   *
   * @param train to learn from
   * @param validation to validate on
   */
  public record Split(List<Span> train, List<Span> validation) {}

  /**
   * Splits every span in time: its newest steps validate.
   *
   * @param share of the steps that validate, within (0, 1)
   * @param gap steps between the two that belong to neither, so that targets that look ahead do not
   *     tell
   */
  public static Split byTime(List<Span> spans, double share, int gap) {
    checkShare(share);
    List<Span> train = new ArrayList<>();
    List<Span> validation = new ArrayList<>();
    for (Span span : spans) {
      int cut = span.to() - (int) Math.round(share * span.length());
      int end = Math.max(span.from(), cut - gap);
      if (end > span.from()) {
        train.add(new Span(span.example(), span.from(), end));
      }
      if (cut < span.to()) {
        validation.add(new Span(span.example(), cut, span.to()));
      }
    }
    return new Split(List.copyOf(train), List.copyOf(validation));
  }

  /**
   * Splits by entity: all spans of an entity are on the same side, which follows from (seed,
   * entity) alone, so that new entities move no old one.
   *
   * @param entity the entity that a sequence (by its number) belongs to
   * @param share of the entities that validate, within (0, 1)
   */
  public static Split byEntity(List<Span> spans, IntUnaryOperator entity, double share, long seed) {
    checkShare(share);
    List<Span> train = new ArrayList<>();
    List<Span> validation = new ArrayList<>();
    for (Span span : spans) {
      double drawn = Rng.of(seed, SPLIT, entity.applyAsInt(span.example())).nextDouble();
      (drawn < share ? validation : train).add(span);
    }
    return new Split(List.copyOf(train), List.copyOf(validation));
  }

  /** Keeps splits apart from other uses of a run's seed. */
  private static final long SPLIT = 0x5_9117L;

  private static void checkShare(double share) {
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException(
          "the share that validates must be within (0, 1), got " + share);
    }
  }
}
