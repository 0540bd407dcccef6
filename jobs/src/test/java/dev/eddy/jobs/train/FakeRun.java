package dev.eddy.jobs.train;

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
record FakeRun(String id, TrainingSpec spec) implements TrainingRun {
  static final String MODELS = "models";
  static final String REPORTS = "reports";
  static final HistoryRange RANGE =
      new HistoryRange.Topic("events", List.of(new HistoryRange.Part(0, 3, 12)));

  /** What happens before a shard trains in a round. */
  @FunctionalInterface
  interface Hook {
    void before(int shard, int round) throws Exception;
  }

  private static final Map<String, Hook> HOOKS = new ConcurrentHashMap<>();

  /** The runs whose data is loaded: an id for each reader. */
  static final List<String> OPEN = new CopyOnWriteArrayList<>();

  static FakeRun of(String id, int shards, int rounds) {
    return new FakeRun(id, new TrainingSpec(shards, 1, rounds, rounds + 1, 1, 1, 0, 0.1, 1, 0, 7));
  }

  FakeRun before(Hook hook) {
    HOOKS.put(id, hook);
    return this;
  }

  @Override
  public float[] initialWeights() {
    return new float[] {0, 100};
  }

  @Override
  public HistoryRange resolve() {
    return RANGE;
  }

  @Override
  public Shards load(HistoryRange range, List<Integer> shards, Path temporary) {
    OPEN.add(id);
    return new FakeShards();
  }

  @Override
  public TrainingRecord report(TrainProgress progress) {
    return new TrainingRecord(
        REPORTS, new byte[0], progress.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public List<TrainingRecord> conclude(Outcome outcome) {
    List<TrainingRecord> records = new ArrayList<>();
    records.add(new TrainingRecord(MODELS, bytes("model"), floats(outcome.weights())));
    records.add(
        new TrainingRecord(
            MODELS,
            bytes("gate"),
            bytes(outcome.gate().model().sums()[0] + "/" + outcome.gate().model().count())));
    return records;
  }

  /** What shard s gives for a round's work. */
  static ShardUpdate update(int shard, RoundWork work) {
    float[] weights = work.weights().clone();
    for (int i = 0; i < weights.length; i++) {
      weights[i] += shard + 1;
    }
    return new ShardUpdate(
        shard,
        work.round(),
        weights,
        work.moments(),
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
    @Override
    public String summary() {
      return "nothing";
    }

    @Override
    public Map<String, String> provenance() {
      return Map.of();
    }

    @Override
    public ShardUpdate train(int shard, RoundWork work) {
      try {
        HOOKS.getOrDefault(id, (s, r) -> {}).before(shard, work.round());
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
      return update(shard, work);
    }

    @Override
    public GateScore gate(int shard, float[] weights) {
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
