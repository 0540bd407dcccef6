package dev.eddy.jobs.report;

import dev.eddy.jobs.train.ProgressListener;
import dev.eddy.jobs.train.RoundReport;
import dev.eddy.jobs.train.RunHeader;
import dev.eddy.jobs.train.TrainProgress;
import dev.eddy.jobs.train.TrainResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Listens to a run and keeps what its report needs, in bounded memory however long the run is.
 * Calls may come from several threads: a run is cancelled by another thread than the one that waits
 * for it.
 */
public final class RunLog implements ProgressListener {
  /** More points than a screen has columns would show nothing new. */
  static final int POINTS = 400;

  /** With more slots than this their times are kept in total only, not by round. */
  static final int SLOTS = 16;

  /** The stage after which no other comes, as {@link RoundReport} names it. */
  private static final String REFIT = "refit";

  private final RoundPoints points = new RoundPoints(POINTS);
  private final Map<Integer, Split> slots = new TreeMap<>();
  private final Map<Integer, ShardTotal> shards = new TreeMap<>();
  private RunHeader facts;
  private String stage = "";
  private int learned; // rounds of the stage that taught
  private int scored; // the newest weights of the stage that were scored
  private int planned;
  private long repeated;
  private TrainingReport.Best best;

  /**
   * An empty log.
   *
   * @param known what is known before the run tells more
   */
  public RunLog(RunHeader known) {
    facts = known;
  }

  @Override
  public synchronized void header(RunHeader header) {
    facts = header;
  }

  @Override
  public synchronized void progress(TrainProgress progress) {
    if (progress.phase() != TrainProgress.Phase.REFIT) {
      planned = Math.max(planned, progress.rounds());
    }
  }

  @Override
  public synchronized void round(RoundReport report) {
    if (stage.equals(REFIT) && !report.stage().equals(REFIT)) {
      repeated++; // restored to before the refit
      return;
    }
    if (!report.stage().equals(stage)) {
      stage = report.stage();
      learned = 0;
      scored = -1;
    }
    boolean teaches = report.samples() > 0;
    // A round starts from the weights after the round before it; one that only scores, from the
    // last.
    int weights = teaches ? report.round() - 1 : learned;
    if (teaches ? report.round() <= learned : weights <= scored) {
      repeated++; // after a failure of the job, to the same bits
      return;
    }
    learned = teaches ? report.round() : learned;
    if (!Double.isNaN(report.validationLoss())) {
      scored = weights;
      if (stage.equals("train")
          && (best == null || report.validationLoss() < best.validationLoss())) {
        best = new TrainingReport.Best(weights, report.validationLoss());
      }
    }
    points.add(point(report, weights));
    for (RoundReport.Shard shard : report.shards()) {
      shards.merge(
          shard.shard(),
          ShardTotal.none(shard.shard())
              .plus(shard.slot(), shard.samples(), shard.loss(), shard.seconds()),
          (sum, one) -> sum.plus(one.slot(), one.samples(), one.lastLoss(), one.seconds()));
    }
    for (int shard : report.dropped()) {
      shards.put(shard, shards.getOrDefault(shard, ShardTotal.none(shard)).missed());
    }
  }

  private RoundPoint point(RoundReport report, int weights) {
    List<Split> each = new ArrayList<>();
    for (RoundReport.Slot slot : report.slots()) {
      Split split = Split.of(slot);
      each.add(split);
      slots.merge(slot.slot(), split, Split::plus);
    }
    Split mean =
        each.isEmpty()
            ? Split.ZERO
            : each.stream().reduce(Split.ZERO, Split::plus).times(1.0 / each.size());
    int round = report.samples() > 0 ? report.round() : weights; // one that only scores adds none
    return new RoundPoint(
        report.stage(),
        round,
        round,
        1,
        report.loss(),
        weights,
        report.validationLoss(),
        report.samples(),
        report.seconds(),
        mean,
        report.dropped().size(),
        each.size() > SLOTS ? List.of() : each);
  }

  /**
   * The report of a run that has ended by itself.
   *
   * @param result what came of it
   */
  public TrainingReport ended(TrainResult result, Instant now) {
    Outcome outcome = result.published() ? Outcome.PUBLISHED : Outcome.REFUSED;
    return report(outcome, result.reason(), result, now);
  }

  /**
   * The report of a run without a result, as far as it got.
   *
   * @param reason a sentence for people, free of secrets
   */
  public TrainingReport ended(Outcome outcome, String reason, Instant now) {
    return report(outcome, reason, null, now);
  }

  private synchronized TrainingReport report(
      Outcome outcome, String reason, TrainResult result, Instant now) {
    return new TrainingReport(
        facts,
        outcome,
        reason,
        now,
        planned,
        points.all(),
        points.width(),
        best,
        new TreeMap<>(slots),
        List.copyOf(shards.values()),
        result,
        notes());
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (points.width() > 1) {
      notes.add(
          "The run had so many rounds that up to %d in a row are shown as one: of training losses and times the mean, of validation losses the lowest."
              .formatted(points.width()));
    }
    if (repeated > 0) {
      notes.add(
          "The job failed and was restored meanwhile; %d %s done again, to the same weights, and counted once."
              .formatted(repeated, repeated == 1 ? "round was" : "rounds were"));
    }
    long empty = shards.values().stream().filter(s -> s.samples() == 0 && s.dropped() == 0).count();
    if (empty > 0) {
      notes.add(
          "%,d of %,d shards had nothing to learn from: the history has too few sequences for so many. training.shards: %,d would do."
              .formatted(empty, shards.size(), Math.max(1, shards.size() - empty)));
    }
    long dropped = points.all().stream().mapToLong(RoundPoint::dropped).sum();
    if (dropped > 0) {
      notes.add(
          "%d %s of shards came too late and %s dropped (training.stragglers: drop): the same run may give other weights another time."
              .formatted(
                  dropped, dropped == 1 ? "update" : "updates", dropped == 1 ? "was" : "were"));
    }
    return notes;
  }
}
