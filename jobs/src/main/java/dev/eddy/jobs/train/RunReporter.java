package dev.eddy.jobs.train;

import dev.eddy.jobs.train.TrainProgress.Phase;
import dev.eddy.model.train.Progress;
import java.util.function.IntSupplier;
import org.apache.flink.metrics.MetricGroup;

/**
 * What people see of a run while it goes on: the records of its topic, and the same figures as
 * Flink metrics, which other threads read.
 */
final class RunReporter {
  private static final Progress NONE =
      new Progress(0, 0, Double.NaN, Double.NaN, 0, -1, Double.NaN, false);

  private final TrainingRun run;
  private final Stopwatch stopwatch = new Stopwatch();
  private long samples;
  private volatile TrainProgress latest;
  private volatile RoundReport round;

  RunReporter(TrainingRun run) {
    this.run = run;
    this.latest = progress(Phase.LOADING, NONE, "");
  }

  /** Registers the metrics. missing: how many shards the enumerator waits for. */
  void register(MetricGroup group, IntSupplier missing) {
    MetricGroup metrics = group.addGroup("eddy");
    metrics.gauge("round", () -> latest.round());
    metrics.gauge("loss", () -> latest.loss());
    metrics.gauge("validationLoss", () -> latest.validationLoss());
    metrics.gauge("bestRound", () -> latest.bestRound());
    metrics.gauge("samplesPerSecond", stopwatch::lastRate);
    metrics.gauge("secondsLeft", () -> latest.secondsLeft());
    metrics.gauge("roundSeconds", () -> round == null ? Double.NaN : round.seconds());
    metrics.gauge("roundIdleShare", this::idleShare);
    metrics.gauge("roundTransferSeconds", this::transferSeconds);
    metrics.gauge("shardsMissing", missing::getAsInt);
  }

  /**
   * The first round of a training begins, or the first since a failure.
   *
   * @param before where the training stands: what it learned from earlier took other time
   */
  void begin(Progress before) {
    samples = before.samples();
    stopwatch.start();
  }

  /** The record of a step that completes no round. */
  TrainingRecord step(Phase phase, Progress progress, String message) {
    return run.report(show(phase, progress, message), null);
  }

  /** The record of a completed round. */
  TrainingRecord round(Phase phase, Progress progress, RoundReport report) {
    stopwatch.lap(progress.samples() - samples);
    samples = progress.samples();
    round = report;
    return run.report(show(phase, progress, ""), report);
  }

  /** Samples per second of all rounds. */
  double meanRate() {
    return stopwatch.meanRate();
  }

  private TrainProgress show(Phase phase, Progress progress, String message) {
    latest = progress(phase, progress, message);
    return latest;
  }

  private TrainProgress progress(Phase phase, Progress progress, String message) {
    return new TrainProgress(
        phase,
        progress.round(),
        progress.of(),
        progress.loss(),
        progress.validationLoss(),
        progress.bestRound(),
        stopwatch.lastRate(),
        stopwatch.secondsFor(progress.of() - progress.round()),
        message);
  }

  /** Mean over the slots of the share of the last round in which they waited for others. */
  private double idleShare() {
    RoundReport last = round;
    return last == null
        ? Double.NaN
        : last.slots().stream().mapToDouble(RoundReport.Slot::idle).average().orElse(Double.NaN)
            / last.seconds();
  }

  private double transferSeconds() {
    RoundReport last = round;
    return last == null
        ? Double.NaN
        : last.slots().stream()
            .mapToDouble(RoundReport.Slot::transfer)
            .average()
            .orElse(Double.NaN);
  }
}
