package dev.eddy.model.task.forecast;

import dev.eddy.model.data.RawSeries;
import dev.eddy.model.train.TrainingSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Cuts series into pieces and deals them over the shards: the longest first, each to the shard that
 * has least so far (Graham 1969). Ties go by entity and place, so that everybody finds the same
 * plan.
 */
final class ShardPlan {
  /**
   * Pieces per shard that a long series is cut for: enough to balance, few enough for their warm-up
   * to be cheap.
   */
  private static final int PIECES = 4;

  /**
   * Steps [from, to) of an entity's series.
   *
   * @param entity whose
   * @param from first step
   * @param to the step after the last
   */
  record Piece(String entity, int from, int to) {
    int length() {
      return to - from;
    }
  }

  private final ForecastSpec task;
  private final TrainingSpec training;
  private final Collection<RawSeries> series;
  private final SeriesScales scales;

  /**
   * A plan for some series.
   *
   * @param series sorted by entity
   */
  ShardPlan(
      ForecastSpec task, TrainingSpec training, Collection<RawSeries> series, SeriesScales scales) {
    this.task = task;
    this.training = training;
    this.series = series;
    this.scales = scales;
  }

  /** What each shard learns from. */
  List<List<Piece>> train(ForecastTraining.Cut cut) {
    List<Piece> whole = new ArrayList<>();
    int flat = 0;
    for (RawSeries one : series) {
      Piece piece = piece(one, Long.MIN_VALUE, cut.validationFrom());
      if (piece.length() > 0 && Double.isNaN(scales.of(one))) {
        flat++;
      } else if (piece.length() > 0) {
        whole.add(piece);
      }
    }
    if (whole.isEmpty()) {
      throw new IllegalArgumentException(
          "there is nothing to train on before %s: of %d series %d are constant or have no value there, %d are shorter than forecast.warmup + horizon = %d + %d readings; the oldest reading is of %s (where a clock was wrong, leave it out with training.start)"
              .formatted(
                  Instant.ofEpochMilli(cut.validationFrom()),
                  series.size(),
                  flat,
                  series.size() - flat,
                  task.warmup(),
                  task.horizon(),
                  oldest()));
    }
    return deal(cutUp(whole, PIECES));
  }

  private String oldest() {
    return series.stream()
        .filter(one -> one.length() > 0)
        .min(Comparator.comparingLong(one -> one.time(0)))
        .map(one -> "%s by '%s'".formatted(Instant.ofEpochMilli(one.time(0)), one.entity()))
        .orElse("nobody");
  }

  /** What each shard is judged by between two times; nothing where they are the same. */
  List<List<Piece>> heldOut(String what, long from, long to) {
    List<Piece> whole = new ArrayList<>();
    for (RawSeries one : series) {
      Piece piece = piece(one, from, to);
      if (piece.length() > 0 && !Double.isNaN(scales.of(one))) {
        whole.add(piece);
      }
    }
    if (whole.isEmpty() && task.slot(to) > task.slot(from)) {
      throw new IllegalArgumentException(
          "training.%s: between %s and %s no series that is trained on has a reading followed by a whole horizon of %d steps: make the share larger or give more history"
              .formatted(
                  what, Instant.ofEpochMilli(from), Instant.ofEpochMilli(to), task.horizon()));
    }
    return deal(cutUp(whole, 1));
  }

  /** The steps of a series all of whose targets lie in [from, to), warm-up excluded. */
  private Piece piece(RawSeries one, long from, long to) {
    long step = task.stepMillis();
    int first = from == Long.MIN_VALUE ? 0 : one.firstAtOrAfter((task.slot(from) - 1) * step);
    int end = one.firstAtOrAfter((task.slot(to) - task.horizon()) * step);
    end = Math.min(end, one.length() - 1); // nothing follows the last reading
    first = Math.max(first, task.warmup() - 1);
    return new Piece(one.entity(), first, Math.max(first, end));
  }

  /**
   * Cuts what is longer than a fraction of a shard's share into equal parts, none shorter than a
   * chunk.
   */
  private List<Piece> cutUp(List<Piece> whole, int perShard) {
    long total = whole.stream().mapToLong(Piece::length).sum();
    long limit = Math.max(ceilDiv(total, (long) training.shards() * perShard), training.chunk());
    List<Piece> pieces = new ArrayList<>();
    for (Piece piece : whole) {
      int parts = (int) ceilDiv(piece.length(), limit);
      for (int i = 0; i < parts; i++) {
        int from = piece.from() + (int) ((long) piece.length() * i / parts);
        int to = piece.from() + (int) ((long) piece.length() * (i + 1) / parts);
        pieces.add(new Piece(piece.entity(), from, to));
      }
    }
    return pieces;
  }

  private static long ceilDiv(long a, long b) {
    return (a + b - 1) / b;
  }

  private List<List<Piece>> deal(List<Piece> pieces) {
    List<List<Piece>> shards = new ArrayList<>();
    for (int shard = 0; shard < training.shards(); shard++) {
      shards.add(new ArrayList<>());
    }
    long[] load = new long[training.shards()];
    List<Piece> order = new ArrayList<>(pieces);
    order.sort(
        Comparator.comparingInt((Piece piece) -> -piece.length())
            .thenComparing(Piece::entity)
            .thenComparingInt(Piece::from));
    for (Piece piece : order) {
      int least = 0;
      for (int shard = 1; shard < load.length; shard++) {
        if (load[shard] < load[least]) {
          least = shard;
        }
      }
      shards.get(least).add(piece);
      load[least] += piece.length();
    }
    return shards;
  }
}
