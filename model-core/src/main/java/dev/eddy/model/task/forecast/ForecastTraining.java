package dev.eddy.model.task.forecast;

import dev.eddy.model.data.RawSeries;
import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.loss.QuantileLoss;
import dev.eddy.model.loss.StepLoss;
import dev.eddy.model.train.ScoreSum;
import dev.eddy.model.train.Scorer;
import dev.eddy.model.train.ShardData;
import dev.eddy.model.train.ShardTrainer;
import dev.eddy.model.train.StepMetrics;
import dev.eddy.model.train.Stretch;
import dev.eddy.model.train.TrainingSetup;
import dev.eddy.model.train.TrainingSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The plan of a training run: which part of which series each shard learns from, stops early by,
 * and is judged by. A pure function of task, specification, cut and series: every reader of a job
 * computes it for itself and finds the same.
 *
 * <pre>
 * time      |------------ train ------------|-- validation --|-- gate --|
 * series a  |== piece ==|== piece ==|=piece=|                |          |   pieces dealt over the shards
 * series b  |== piece ==|== piece ==|=piece=|                |          |
 * </pre>
 *
 * <p>Every stretch ends H steps before the next begins: no target reaches into the next. Series are
 * encoded when a shard first needs them. Threads may share a plan.
 */
public final class ForecastTraining {
  /**
   * Where time is cut.
   *
   * @param validationFrom epoch milliseconds; where validation begins, training before it
   * @param gateFrom where the gate's stretch begins; the same or later
   * @param to the end, exclusive
   */
  public record Cut(long validationFrom, long gateFrom, long to) {
    /** Checks the order. */
    public Cut {
      if (validationFrom > gateFrom || gateFrom > to) {
        throw new IllegalArgumentException(
            "time must be cut in the order validation, gate, end, got %s, %s, %s"
                .formatted(
                    Instant.ofEpochMilli(validationFrom),
                    Instant.ofEpochMilli(gateFrom),
                    Instant.ofEpochMilli(to)));
      }
    }

    /**
     * The cut of all the time that some series span.
     *
     * @param validation share of the time range, before the gate's
     * @param gate share of the time range, the newest
     * @throws IllegalArgumentException if there is no reading at all, or the shares leave nothing
     *     to train on
     */
    public static Cut of(
        ForecastSpec task, Collection<RawSeries> series, double validation, double gate) {
      if (!(validation >= 0 && gate >= 0 && validation + gate < 1)) {
        throw new IllegalArgumentException(
            "validation and gate must be shares that leave something to train on, got %s and %s"
                .formatted(validation, gate));
      }
      long first = Long.MAX_VALUE;
      long last = Long.MIN_VALUE;
      for (RawSeries one : series) {
        if (one.length() > 0) {
          first = Math.min(first, task.slot(one.time(0)));
          last = Math.max(last, task.slot(one.time(one.length() - 1)));
        }
      }
      if (last == Long.MIN_VALUE) {
        throw new IllegalArgumentException("there is nothing to train on: no readings");
      }
      long slots = last - first + 1;
      long gateFrom = last + 1 - Math.round(gate * slots);
      long validationFrom = gateFrom - Math.round(validation * slots);
      long step = task.stepMillis();
      return new Cut(validationFrom * step, gateFrom * step, (last + 1) * step);
    }
  }

  private final ForecastSpec task;
  private final TrainingSpec training;
  private final ForecastEncoder encoder;
  private final Map<String, RawSeries> raw;
  private final Map<String, ForecastSeries> encoded;
  private final long end;
  private final SeriesScales scales;
  private final List<List<ShardPlan.Piece>> train;
  private final List<List<ShardPlan.Piece>> validation;
  private final List<List<ShardPlan.Piece>> gate;

  /**
   * Plans a run.
   *
   * @param series one per entity, in any order. Not copied: they must not grow any more
   * @throws IllegalArgumentException saying what is missing, if there is nothing to train on, or if
   *     a stretch that was asked for holds no whole horizon
   */
  public ForecastTraining(
      ForecastSpec task, TrainingSpec training, Cut cut, Collection<RawSeries> series) {
    this.task = task;
    this.encoder = new ForecastEncoder(task);
    this.raw = new TreeMap<>();
    for (RawSeries one : series) {
      if (raw.put(one.entity(), one) != null) {
        throw new IllegalArgumentException("two series of entity '" + one.entity() + "'");
      }
    }
    if (task.skip() == ForecastSpec.Skip.LINEAR && training.warmup() < task.lookback()) {
      throw new IllegalArgumentException(
          "training.warmup must be at least forecast.lookback (%d), or the windows of the skip path are not yet full where training begins; got %d"
              .formatted(task.lookback(), training.warmup()));
    }
    this.encoded = new ConcurrentHashMap<>();
    this.end = cut.to();
    this.scales = new SeriesScales(task, cut.validationFrom());
    ShardPlan plan = new ShardPlan(task, training, raw.values(), scales);
    this.train = plan.train(cut);
    this.validation = plan.heldOut("validation", cut.validationFrom(), cut.gateFrom());
    this.gate = plan.heldOut("gate", cut.gateFrom(), cut.to());
    this.training = training.resolved(ShardTrainer.stepsPerEpoch(training, lengths(train)));
  }

  /** The same data, all of it to be learned from. */
  private ForecastTraining(ForecastTraining of, int rounds) {
    this.task = of.task;
    this.encoder = of.encoder;
    this.raw = of.raw;
    this.encoded = of.encoded;
    this.end = of.end;
    this.training = of.training.withRounds(rounds);
    this.scales = new SeriesScales(task, end);
    ShardPlan plan = new ShardPlan(task, training, raw.values(), scales);
    this.train = plan.train(new Cut(end, end, end));
    this.validation = plan.heldOut("validation", end, end);
    this.gate = validation;
  }

  /**
   * The plan of training once more, on all data: nothing is held out. The schedule stays as it was
   * laid over all rounds, and an epoch has the steps that it had.
   *
   * @param rounds how many it takes
   */
  public ForecastTraining refit(int rounds) {
    return new ForecastTraining(this, rounds);
  }

  private static List<List<Integer>> lengths(List<List<ShardPlan.Piece>> shards) {
    return shards.stream()
        .map(pieces -> pieces.stream().map(ShardPlan.Piece::length).toList())
        .toList();
  }

  /**
   * Network, loss and specification, for trainers and scorers. The steps of an epoch are known in
   * it.
   */
  public TrainingSetup setup(Kernels kernels) {
    return new TrainingSetup(ForecastNetwork.build(task), loss(task), training, kernels);
  }

  /** What training makes small. */
  public static StepLoss loss(ForecastSpec task) {
    return new QuantileLoss(task.horizon(), task.quantiles());
  }

  /** What a shard learns from and stops early by. */
  public ShardData shard(int shard) {
    return new ShardData(shard, stretches(train.get(shard)), stretches(validation.get(shard)));
  }

  /** All shards, in order. */
  public List<ShardData> shards() {
    List<ShardData> all = new ArrayList<>();
    for (int shard = 0; shard < training.shards(); shard++) {
      all.add(shard(shard));
    }
    return all;
  }

  /** What a shard scores for the gate, with {@link #gateMetrics()}. */
  public List<Stretch> gate(int shard) {
    return stretches(gate.get(shard));
  }

  /** The errors to be summed up on the gate's stretches. Has buffers of its own: one per thread. */
  public StepMetrics gateMetrics() {
    return new GateMetrics(task, task, series -> scales.of(series.raw()));
  }

  /**
   * Scores another model, the live one, on a shard's gate: by its own network, scale and quantiles,
   * on exactly the steps that the new model is scored on and in the same units. Its states are
   * warmed over as many steps as its skip path looks back, if that is more than {@code
   * training.warmup}. Encodes the shard's series anew, for the time of the call.
   *
   * @param other the model's task; its horizon and step must be this one's
   * @param weights its weights. Not modified
   * @throws IllegalArgumentException if {@link #incomparable} says so
   */
  public ScoreSum gateOf(ForecastSpec other, float[] weights, int shard, Kernels kernels) {
    incomparable(task, other)
        .ifPresent(
            why -> {
              throw new IllegalArgumentException(why);
            });
    // The same warm-up of entities: which steps have a target depends on it, what is forecast not.
    ForecastSpec seen = other.withWarmup(task.warmup());
    int warmup = Math.max(training.warmup(), Math.max(seen.lookback(), seen.seasons()[0]));
    TrainingSetup setup =
        new TrainingSetup(
            ForecastNetwork.build(seen), loss(seen), training.withWarmup(warmup), kernels);
    ForecastEncoder encode = new ForecastEncoder(seen);
    Map<String, ForecastSeries> series = new HashMap<>();
    List<Stretch> stretches =
        stretches(
            gate.get(shard),
            entity ->
                series.computeIfAbsent(
                    entity, name -> new ForecastSeries(seen, encode, raw.get(name))));
    GateMetrics metrics = new GateMetrics(task, seen, one -> scales.of(one.raw()));
    return new Scorer(setup).score(weights, stretches, metrics);
  }

  /** Why a model of another task cannot be compared with one of this; empty where it can. */
  public static Optional<String> incomparable(ForecastSpec task, ForecastSpec other) {
    if (task.horizon() != other.horizon()) {
      return Optional.of(
          "it forecasts %d steps ahead, not %d".formatted(other.horizon(), task.horizon()));
    }
    if (task.stepMillis() != other.stepMillis()) {
      return Optional.of(
          "its steps are of %d ms, not %d".formatted(other.stepMillis(), task.stepMillis()));
    }
    return Optional.empty();
  }

  /**
   * Whether a model may be published. A coordinator has the scores, but not the series.
   *
   * @param score the gate's stretches of all shards, scored with {@link #gateMetrics()} and {@link
   *     #gateOf}, added up in shard order
   */
  public static GateDecision decide(ForecastSpec task, GateScore score, GateRules rules) {
    return GateMetrics.decide(task, score, rules);
  }

  /**
   * Where the data comes from, for a model's provenance: entities, readings, time range and a hash
   * of it all.
   */
  public Map<String, String> provenance() {
    return DataProvenance.of(raw.values());
  }

  private List<Stretch> stretches(List<ShardPlan.Piece> pieces) {
    return stretches(pieces, this::series);
  }

  private static List<Stretch> stretches(
      List<ShardPlan.Piece> pieces, Function<String, ForecastSeries> series) {
    return pieces.stream()
        .sorted(
            Comparator.comparing(ShardPlan.Piece::entity).thenComparingInt(ShardPlan.Piece::from))
        .map(piece -> new Stretch(series.apply(piece.entity()), piece.from(), piece.to()))
        .toList();
  }

  private ForecastSeries series(String entity) {
    return encoded.computeIfAbsent(
        entity, name -> new ForecastSeries(task, encoder, raw.get(name)));
  }
}
