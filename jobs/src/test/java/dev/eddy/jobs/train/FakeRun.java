package dev.eddy.jobs.train;

import dev.eddy.jobs.config.PipelineConfig.Stragglers;
import dev.eddy.jobs.history.HistoryRange;
import dev.eddy.model.task.forecast.GateScore;
import dev.eddy.model.train.RoundWork;
import dev.eddy.model.train.ScoreSum;
import dev.eddy.model.train.ShardUpdate;
import dev.eddy.model.train.TrainingSpec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A run whose arithmetic a test can do in its head: shard s adds s + 1 to every weight and has s +
 * 1 samples. What happens on a training thread before a shard trains is the test's to say.
 *
 * @param id names the run's hook
 * @param spec how to train
 */
record FakeRun(String id, TrainingSpec spec, int size, boolean refits, Stragglers stragglers)
    implements TrainingRun {
  static final String MODELS = "models";
  static final String REPORTS = "reports";

  /** Weights in a record: as many as go into a message. */
  private static final int RECORD = 100_000;

  static final HistoryRange RANGE =
      new HistoryRange.Topic("events", List.of(new HistoryRange.Part(0, 3, 12)));

  /** What a run is at; a round of a refit is at REFIT. */
  enum Place {
    LOAD,
    ROUND,
    GATE,
    REFIT,
    REFIT_GATE,
    CONCLUDE
  }

  /** What happens before something is done; shard and round are -1 where there is none. */
  @FunctionalInterface
  interface Hook {
    void before(Place place, int shard, int round) throws Exception;
  }

  /** What happens before a shard trains in a round. */
  @FunctionalInterface
  interface RoundHook {
    void before(int shard, int round) throws Exception;
  }

  private static final Map<String, Hook> HOOKS = new ConcurrentHashMap<>();

  /** The runs whose data is loaded: an id for each reader. */
  static final List<String> OPEN = new CopyOnWriteArrayList<>();

  static FakeRun of(String id, int shards, int rounds) {
    return new FakeRun(
        id,
        new TrainingSpec(shards, 1, rounds, rounds + 1, 1, 1, 0, 0.1, 1, 0, 7),
        2,
        false,
        new Stragglers(3_600_000, false));
  }

  /** The same with another specification. */
  FakeRun with(TrainingSpec other) {
    return new FakeRun(id, other, size, refits, stragglers);
  }

  /** The same with so many weights. */
  FakeRun weights(int count) {
    return new FakeRun(id, spec, count, refits, stragglers);
  }

  /** The same with a refit. */
  FakeRun refitting() {
    return new FakeRun(id, spec, size, true, stragglers);
  }

  /** The same with other patience for stragglers. */
  FakeRun stragglers(long millis, boolean drop) {
    return new FakeRun(id, spec, size, refits, new Stragglers(millis, drop));
  }

  FakeRun before(RoundHook hook) {
    return at(
        (place, shard, round) -> {
          if (place == Place.ROUND) {
            hook.before(shard, round);
          }
        });
  }

  FakeRun at(Hook hook) {
    HOOKS.put(id, hook);
    return this;
  }

  private void pass(Place place, int shard, int round) {
    try {
      HOOKS.getOrDefault(id, (p, s, r) -> {}).before(place, shard, round);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public float[] initialWeights() {
    float[] weights = new float[size];
    for (int i = 1; i < size; i++) {
      weights[i] = 100 + i % 1000;
    }
    return weights;
  }

  @Override
  public HistoryRange resolve() {
    return RANGE;
  }

  @Override
  public Shards load(HistoryRange range, List<Integer> shards, Path temporary) {
    OPEN.add(id);
    pass(Place.LOAD, -1, -1);
    return new FakeShards();
  }

  @Override
  public TrainingRecord header(Map<String, String> data, List<RunHeader.Slot> slots) {
    return new TrainingRecord(REPORTS, bytes("header"), bytes(slots.toString()));
  }

  @Override
  public TrainingRecord report(TrainProgress progress, RoundReport round) {
    return new TrainingRecord(REPORTS, bytes("" + progress), bytes("" + round));
  }

  @Override
  public float[] refit(Outcome outcome) {
    return refits ? initialWeights() : null;
  }

  @Override
  public List<TrainingRecord> conclude(Outcome outcome) {
    pass(Place.CONCLUDE, -1, -1);
    List<TrainingRecord> records = new ArrayList<>();
    float[] weights = outcome.refit() == null ? outcome.weights() : outcome.refit().weights();
    for (int at = 0; at < weights.length; at += RECORD) {
      float[] some = Arrays.copyOfRange(weights, at, Math.min(weights.length, at + RECORD));
      records.add(new TrainingRecord(MODELS, bytes("model"), floats(some)));
    }
    GateScore gate = outcome.refit() == null ? outcome.gate() : outcome.refit().gate();
    records.add(
        new TrainingRecord(
            MODELS, bytes("gate"), bytes(gate.model().sums()[0] + "/" + gate.model().count())));
    return records;
  }

  /** What shard s gives for a round's work. */
  static ShardUpdate update(int shard, RoundWork work) {
    float[] weights = work.weights().clone();
    float[] moments = work.moments().clone();
    for (int i = 0; i < moments.length; i++) {
      moments[i] += 0.25f * (shard + 1);
    }
    // Other moments or another age than the coordinator's own would be seen in the weights.
    float push = moments.length == 0 ? 0 : moments[0] / (work.age() + 1);
    for (int i = 0; i < weights.length; i++) {
      weights[i] += shard + 1 + push;
    }
    return new ShardUpdate(
        shard,
        work.round(),
        weights,
        moments,
        1,
        shard + 1,
        1,
        0.1,
        new ScoreSum(1, new double[] {-weights[0]}),
        1);
  }

  static float[] floats(byte[] bytes) {
    float[] floats = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).asFloatBuffer().get(floats);
    return floats;
  }

  private static byte[] floats(float[] floats) {
    ByteBuffer bytes = ByteBuffer.allocate(floats.length * Float.BYTES);
    bytes.asFloatBuffer().put(floats);
    return bytes.array();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private final class FakeShards implements Shards {
    private boolean refitting;

    @Override
    public String summary() {
      return "nothing";
    }

    @Override
    public Map<String, String> provenance() {
      return Map.of("sha256", "a");
    }

    @Override
    public void refit(int rounds) {
      refitting = true;
    }

    @Override
    public ShardUpdate train(int shard, RoundWork work) {
      pass(refitting ? Place.REFIT : Place.ROUND, shard, work.round());
      return update(shard, work);
    }

    @Override
    public GateScore gate(Stage stage, int shard, float[] weights) {
      pass(stage == Stage.REFIT ? Place.REFIT_GATE : Place.GATE, shard, -1);
      return new GateScore(new ScoreSum(1, new double[] {weights[0] + shard}), null);
    }

    @Override
    public long memoryBytes() {
      return 100;
    }

    @Override
    public long diskBytes() {
      return 1000;
    }

    @Override
    public void close() {
      OPEN.remove(id);
    }
  }
}
