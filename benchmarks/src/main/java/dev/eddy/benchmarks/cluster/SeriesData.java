package dev.eddy.benchmarks.cluster;

import dev.eddy.benchmarks.work.LstmWeights;
import dev.eddy.benchmarks.work.SeriesWork;
import dev.eddy.model.kernel.Rng;
import dev.eddy.model.optim.Schedule;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.task.forecast.ForecastTraining;
import dev.eddy.model.train.ShardData;
import dev.eddy.model.train.Stretch;
import dev.eddy.model.train.TrainingSeries;
import dev.eddy.model.train.TrainingSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The history as other libraries take it: encoded, cut and held out exactly as the job does it,
 * training sequences drawn at random, the held-out stretches whole.
 */
final class SeriesData {
  /**
   * How many batches are drawn: more than an epoch, so that few sequences come in the same company.
   */
  private static final int BATCHES = 256;

  private final Setting setting;
  private final List<Stretch> train = new ArrayList<>();
  private final List<Stretch> heldOut = new ArrayList<>();
  private final int inputs;

  SeriesData(Setting setting, ForecastTraining plan) {
    this.setting = setting;
    for (ShardData shard : plan.shards()) {
      shard.train().stream()
          .filter(stretch -> stretch.length() >= Setting.CHUNK)
          .forEach(train::add);
      heldOut.addAll(shard.validation());
    }
    inputs = train.get(0).series().input().widths().get(Bundle.MAIN);
  }

  /** Network and batches, from the weights that Eddy starts from. */
  SeriesWork work(int threads, int steps) {
    float[] flat = setting.start();
    int hidden = setting.units();
    LstmWeights lstm = SeriesWork.lstm(flat, inputs, hidden);
    int head = 4 * hidden * (inputs + hidden + 1);
    int bias = head + hidden * Setting.HORIZON;
    List<float[]> x = new ArrayList<>();
    List<float[]> y = new ArrayList<>();
    Rng rng = new Rng(Setting.SEED);
    for (int batch = 0; batch < BATCHES; batch++) {
      float[] inputsOfBatch = new float[Setting.BATCH * Setting.CHUNK * inputs];
      float[] targets = new float[Setting.BATCH * Setting.CHUNK * Setting.HORIZON];
      for (int row = 0; row < Setting.BATCH; row++) {
        Stretch stretch = train.get(rng.nextInt(train.size()));
        int from = stretch.from() + rng.nextInt(stretch.length() - Setting.CHUNK + 1);
        copy(stretch.series(), from, Setting.CHUNK, row, inputsOfBatch, targets);
      }
      x.add(inputsOfBatch);
      y.add(targets);
    }
    Schedule schedule = TrainingSpec.defaultSchedule(steps);
    double[] nothing = {};
    return new SeriesWork(
        lstm,
        LstmWeights.transposed(Arrays.copyOfRange(flat, head, bias), Setting.HORIZON),
        Arrays.copyOfRange(flat, bias, flat.length),
        Setting.BATCH,
        Setting.CHUNK,
        x,
        y,
        step -> schedule.rate(Setting.RATE, step, nothing),
        threads);
  }

  /** The held-out stretches side by side; all of the same length, for no reading is missing. */
  HeldOut heldOut() {
    int time = heldOut.get(0).length();
    float[] x = new float[heldOut.size() * time * inputs];
    float[] y = new float[heldOut.size() * time * Setting.HORIZON];
    for (int row = 0; row < heldOut.size(); row++) {
      Stretch stretch = heldOut.get(row);
      if (stretch.length() != time) {
        throw new IllegalStateException("held-out stretches of different lengths");
      }
      copy(stretch.series(), stretch.from(), time, row, x, y);
    }
    return new HeldOut(x, y, heldOut.size(), time);
  }

  /** All held-out stretches, for Eddy's own scorer. */
  List<Stretch> stretches() {
    return heldOut;
  }

  private void copy(TrainingSeries series, int from, int time, int row, float[] x, float[] y) {
    FloatSeq one = new FloatSeq(1, 1, inputs, new float[inputs]);
    Bundle bundle = Bundle.of(one);
    for (Map.Entry<String, Integer> part : series.input().widths().entrySet()) {
      if (!part.getKey().equals(Bundle.MAIN)) {
        int width = part.getValue();
        bundle = bundle.with(part.getKey(), new FloatSeq(1, 1, width, new float[width]));
      }
    }
    for (int t = 0; t < time; t++) {
      int step = row * time + t;
      series.input(from + t, bundle, 0, 0);
      System.arraycopy(one.data(), 0, x, step * inputs, inputs);
      series.target(from + t, y, step * Setting.HORIZON);
    }
  }

  /**
   * What everybody is scored on.
   *
   * @param x {@code [rows][time][I]}
   * @param y {@code [rows][time][H]}; NaN where not known
   */
  record HeldOut(float[] x, float[] y, int rows, int time) {

    /** The job's loss of these predictions: half of the absolute error, mean over known targets. */
    double loss(float[] predicted) {
      double sum = 0;
      long known = 0;
      for (int i = 0; i < y.length; i++) {
        if (!Float.isNaN(y[i])) {
          sum += 0.5 * Math.abs((double) y[i] - predicted[i]);
          known++;
        }
      }
      return sum / known;
    }
  }
}
