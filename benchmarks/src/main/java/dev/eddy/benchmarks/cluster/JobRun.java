package dev.eddy.benchmarks.cluster;

import dev.eddy.benchmarks.run.Quantiles;
import dev.eddy.jobs.train.ProgressListener;
import dev.eddy.jobs.train.RoundReport;
import dev.eddy.jobs.train.TrainProgress;
import java.util.ArrayList;
import java.util.List;

/** One run of the whole job, as its reports tell it. */
final class JobRun implements ProgressListener {
  private final Setting setting;
  private final long submitted = System.nanoTime();
  private final List<Double> rates = new ArrayList<>();
  private final List<Double> overheads = new ArrayList<>();
  private final List<Double> averaging = new ArrayList<>();
  private final List<Point> curve = new ArrayList<>();
  private int last;

  /**
   * Where a run stood.
   *
   * @param seconds since it began
   * @param samples steps learned from
   * @param loss on the held-out stretch, of the weights that had learned from them
   */
  record Point(double seconds, long samples, double loss) {}

  /** A run that is submitted now. */
  JobRun(Setting setting) {
    this.setting = setting;
  }

  @Override
  public void progress(TrainProgress progress) {
    if (progress.phase() == TrainProgress.Phase.DONE || progress.round() <= last) {
      return;
    }
    last = progress.round();
    rates.add(progress.samplesPerSecond() / Setting.HORIZON);
    // The loss is that of the weights that entered the round.
    curve.add(new Point(now(), setting.samples(last - 1), progress.validationLoss()));
  }

  @Override
  public void round(RoundReport round) {
    if (round.samples() > 0) {
      double slowest =
          round.slots().stream().mapToDouble(RoundReport.Slot::compute).max().orElse(Double.NaN);
      averaging.add(round.seconds() - slowest);
      overheads.add(1 - slowest / round.seconds());
    }
  }

  private double now() {
    return (System.nanoTime() - submitted) * 1e-9;
  }

  /** Steps learned from per second, from handing out a round to handing out the next; median. */
  double rate() {
    return settled(rates);
  }

  /** The share of a round in which not even the slowest slot computed; median. */
  double overhead() {
    return settled(overheads);
  }

  /** The same in seconds. */
  double averaging() {
    return settled(averaging);
  }

  /** The loss after each round. */
  List<Point> curve() {
    return curve;
  }

  /** The median of the later two thirds; NaN where there is nothing. */
  static double settled(List<Double> values) {
    return values.isEmpty()
        ? Double.NaN
        : Quantiles.of(
            values.stream().skip(values.size() / 3).mapToDouble(Double::doubleValue).toArray(),
            0.5);
  }
}
