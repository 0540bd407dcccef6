package dev.eddy.jobs.report;

import dev.eddy.jobs.train.RunHeader;
import dev.eddy.jobs.train.TrainResult;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is known of a run when it has ended, however it did: the content of {@code report.html} and
 * {@code report.json}. Made by {@link RunLog}.
 *
 * @param facts what was fixed before
 * @param outcome how it ended
 * @param reason why, a sentence for people, free of secrets
 * @param ended when it ended
 * @param planned rounds at most; 0 where not even that is known
 * @param points its rounds in order, thinned
 * @param width rounds that a point stands for, at most
 * @param best the weights with the lowest validation loss; null where none were scored
 * @param slots where each slot's time went, by slot
 * @param shards what each shard did, by shard
 * @param result what the job itself reported; null where it did not come so far
 * @param notes what the reader should know besides
 */
public record TrainingReport(
    RunHeader facts,
    Outcome outcome,
    String reason,
    Instant ended,
    int planned,
    List<RoundPoint> points,
    int width,
    Best best,
    Map<Integer, Split> slots,
    List<ShardTotal> shards,
    TrainResult result,
    List<String> notes) {

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /**
   * The weights that training chose.
   *
   * @param round rounds averaged into them
   * @param validationLoss their validation loss
   */
  record Best(int round, double validationLoss) {}

  /** When it was submitted. */
  Instant started() {
    return Instant.ofEpochMilli(facts.startedMillis());
  }

  /** Wall clock from submission to end, seconds. */
  double seconds() {
    return Duration.between(started(), ended).toMillis() / 1e3;
  }

  /** Wall clock of all rounds, seconds. */
  double roundSeconds() {
    return points.stream().mapToDouble(RoundPoint::seconds).sum();
  }

  /** Target steps learned from. */
  long samples() {
    return points.stream().mapToLong(RoundPoint::samples).sum();
  }

  /** Names the run's folder: {@code load-7-20260102T030405Z}. */
  public String label() {
    String which = result == null ? outcome.word() : Integer.toString(result.version());
    return facts.pipeline() + "-" + which + "-" + STAMP.format(started());
  }

  /** Rounds that taught, over all stages. */
  int rounds() {
    int made = 0;
    for (int i = 0; i < points.size(); i++) {
      boolean endOfStage =
          i == points.size() - 1 || !points.get(i + 1).stage().equals(points.get(i).stage());
      made += endOfStage ? points.get(i).last() : 0;
    }
    return made;
  }

  /** Where the slots' time went in the mean. */
  Split time() {
    return points.stream().map(RoundPoint::time).reduce(Split.ZERO, Split::plus);
  }
}
