package dev.eddy.jobs.demo;

import dev.eddy.model.task.forecast.ForecastSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How good the live forecasts are, found out by the demo itself from what it sent and what it read
 * back, not from the job's own scores: a forecast is scored once the reading of its last step has
 * been applied, over those of its steps whose truth is known and for which every baseline has a
 * value. Forecasts marked as warm-up are not scored.
 *
 * <p>MASE (Hyndman and Koehler 2006): an entity's mean absolute error over the in-sample error of
 * the naive forecast of the first season on the history, and the mean of that over the entities.
 * Thread-safe.
 */
final class LiveSkill {
  private static final int MAX_BUCKETS = 2000;

  private final long stepMillis;
  private final long liveStart;
  private final int horizon;
  private final int[] seasons;
  private final Map<String, Meter> meters = new LinkedHashMap<>();
  private final TreeMap<Long, Bucket> buckets = new TreeMap<>();
  private final Map<Long, Version> versions = new TreeMap<>();
  private long warmups;
  private long forecasts;

  /**
   * One forecaster's skill.
   *
   * @param name {@code model}, {@code last} or {@code naive<season>}
   * @param mase mean over entities of MAE over scale
   * @param mae mean absolute error over all targets
   * @param coverage share of targets within the outermost quantiles; NaN where there are no
   *     quantiles
   */
  record Skill(String name, double mase, double mae, double coverage) {}

  /**
   * Errors of one stretch of event time (as long as the first season), each over its entity's
   * scale.
   *
   * @param start its beginning, epoch milliseconds
   * @param errors mean scaled absolute error of the model, the last value, each season's naive
   * @param count targets
   */
  record Stretch(long start, double[] errors, long count) {}

  /**
   * One swap epoch that answered.
   *
   * @param version version of the weights
   * @param swapEpoch the swap epoch
   * @param forecasts that it made, warm-up not counted
   * @param since event time of its first forecast, epoch milliseconds
   */
  record Version(int version, long swapEpoch, long forecasts, long since) {}

  private static final class Bucket {
    final double[] sums;
    long count;

    Bucket(int width) {
      sums = new double[width];
    }
  }

  /**
   * @param spec grid, horizon and seasons
   * @param liveStart event time at which the history ends, epoch milliseconds
   */
  LiveSkill(ForecastSpec spec, long liveStart) {
    this.stepMillis = spec.stepMillis();
    this.horizon = spec.horizon();
    this.seasons = spec.seasons().clone();
    this.liveStart = liveStart;
  }

  /** A good record is about to be sent. */
  synchronized void sending(String entity, long time, double value) {
    meter(entity).reading(time, slot(time), value, time < liveStart);
  }

  /** A prediction was read back. */
  synchronized void forecast(Outlook made) {
    if (made.warmup()) {
      warmups++;
    } else {
      forecasts++;
      versions.merge(
          made.swapEpoch(),
          new Version(made.version(), made.swapEpoch(), 1, made.origin()),
          (a, b) ->
              new Version(
                  a.version, a.swapEpoch, a.forecasts + 1, Math.min(a.since, made.origin())));
    }
    Meter meter = meter(made.entity());
    long slot = slot(made.origin());
    Outlook due = meter.mature(made, slot);
    if (due != null && !due.warmup()) {
      score(meter, due, slot - horizon);
    }
  }

  private void score(Meter meter, Outlook due, long origin) {
    double[] errors = new double[meter.errors.length];
    double[] sums = new double[errors.length];
    long scored = 0;
    for (int h = 0; h < horizon; h++) {
      double truth = meter.value(origin + h + 1);
      if (!errors(meter, due, origin, h, truth, errors)) {
        continue;
      }
      for (int i = 0; i < sums.length; i++) {
        sums[i] += errors[i];
      }
      meter.covered += truth >= due.low(h) && truth <= due.high(h) ? 1 : 0;
      scored++;
    }
    double scale = meter.scale();
    Bucket bucket = bucket(origin);
    for (int i = 0; i < sums.length; i++) {
      meter.errors[i] += sums[i];
      bucket.sums[i] += Double.isNaN(scale) ? 0 : sums[i] / scale;
    }
    meter.count += scored;
    bucket.count += Double.isNaN(scale) ? 0 : scored;
  }

  /**
   * The absolute errors of all at one target; false where the truth or a baseline is missing. A
   * model that gives no number is not spared the target: its figures are no numbers then. errors:
   * Modified.
   */
  private boolean errors(
      Meter meter, Outlook due, long origin, int h, double truth, double[] errors) {
    errors[0] = Math.abs(truth - due.median(h));
    errors[1] = Math.abs(truth - meter.lastKnown(origin));
    for (int s = 0; s < seasons.length; s++) {
      int seasonsBack = h / seasons[s] + 1;
      errors[2 + s] =
          Math.abs(truth - meter.value(origin + h + 1 - (long) seasonsBack * seasons[s]));
    }
    for (int i = 1; i < errors.length; i++) {
      if (Double.isNaN(errors[i])) {
        return false;
      }
    }
    return true;
  }

  private Bucket bucket(long originSlot) {
    Bucket bucket =
        buckets.computeIfAbsent(
            Math.floorDiv(originSlot, (long) seasons[0]), day -> new Bucket(2 + seasons.length));
    if (buckets.size() > MAX_BUCKETS) {
      buckets.pollFirstEntry();
    }
    return bucket;
  }

  /**
   * The skill of the model and of each baseline, in that order; NaN where nothing was scored yet.
   */
  synchronized List<Skill> skills() {
    List<Skill> skills = new ArrayList<>();
    for (int i = 0; i < 2 + seasons.length; i++) {
      double ratios = 0;
      double total = 0;
      long scaled = 0;
      long count = 0;
      long covered = 0;
      for (Meter meter : meters.values()) {
        total += meter.errors[i];
        count += meter.count;
        covered += meter.covered;
        if (meter.count > 0 && !Double.isNaN(meter.scale())) {
          ratios += meter.errors[i] / meter.count / meter.scale();
          scaled++;
        }
      }
      double coverage = i > 0 || count == 0 ? Double.NaN : (double) covered / count;
      skills.add(new Skill(name(i), ratio(ratios, scaled), ratio(total, count), coverage));
    }
    return skills;
  }

  private String name(int i) {
    return i == 0 ? "model" : i == 1 ? "last" : "naive" + seasons[i - 2];
  }

  private static double ratio(double sum, long count) {
    return count == 0 ? Double.NaN : sum / count;
  }

  /** Errors along event time, oldest first. */
  synchronized List<Stretch> stretches() {
    List<Stretch> all = new ArrayList<>();
    buckets.forEach(
        (index, bucket) -> {
          double[] means = new double[bucket.sums.length];
          for (int i = 0; i < means.length; i++) {
            means[i] = ratio(bucket.sums[i], bucket.count);
          }
          all.add(new Stretch(index * seasons[0] * stepMillis, means, bucket.count));
        });
    return all;
  }

  /** Targets scored. */
  synchronized long targets() {
    return meters.values().stream().mapToLong(meter -> meter.count).sum();
  }

  /** Predictions read back that are not warm-up. */
  synchronized long forecasts() {
    return forecasts;
  }

  /** Predictions read back that are marked as warm-up. */
  synchronized long warmups() {
    return warmups;
  }

  /** Who answered, in the order of swap epochs. */
  synchronized List<Version> versions() {
    return List.copyOf(versions.values());
  }

  /** In-sample error of the first season's naive on the history; NaN where it cannot be said. */
  synchronized double scale(String entity) {
    return meter(entity).scale();
  }

  /** Whatever the picture needs of one entity, taken at once. */
  synchronized Portrait portrait(int slots) {
    Meter best = null;
    long bestKnown = -1;
    for (Meter meter : meters.values()) {
      long known = meter.newest() == null ? 0 : known(meter, slots) + 1;
      if (known > bestKnown) {
        best = meter;
        bestKnown = known;
      }
    }
    if (best == null || best.newest() == null) {
      return null;
    }
    long end = slot(best.newest().origin());
    double[] truth = new double[slots];
    for (int i = 0; i < slots; i++) {
      truth[i] = best.value(end - slots + 1 + i);
    }
    long start = (end - slots + 1) * stepMillis;
    return new Portrait(best.name, start, stepMillis, truth, best.chain(), best.newest());
  }

  private long known(Meter meter, int slots) {
    long end = slot(meter.newest().origin());
    long known = 0;
    for (long s = end - slots + 1; s <= end; s++) {
      known += Double.isNaN(meter.value(s)) ? 0 : 1;
    }
    return known;
  }

  /**
   * One entity's recent past.
   *
   * @param entity its name
   * @param start time of the first truth, epoch milliseconds
   * @param stepMillis the grid
   * @param truth readings, NaN where missing
   * @param chain forecasts that follow on one another, oldest first
   * @param newest the newest forecast
   */
  record Portrait(
      String entity,
      long start,
      long stepMillis,
      double[] truth,
      List<Outlook> chain,
      Outlook newest) {}

  private Meter meter(String entity) {
    return meters.computeIfAbsent(entity, name -> new Meter(name, horizon, seasons));
  }

  private long slot(long time) {
    return Math.floorDiv(time, stepMillis);
  }
}
