package dev.eddy.jobs.train;

import dev.eddy.jobs.config.PipelineConfig.Stragglers;
import dev.eddy.jobs.history.HistoryRange;
import dev.eddy.model.task.forecast.GateScore;
import dev.eddy.model.train.RoundWork;
import dev.eddy.model.train.ScoreSum;
import dev.eddy.model.train.ShardUpdate;
import dev.eddy.model.train.TrainingSpec;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;

/**
 * Rounds in which nobody computes anything: what averaging costs on a cluster, for so many weights,
 * shards and slots, before one trains on it. Coordinator, messages and readers are those of {@link
 * TrainJob}; the shards send back the weights they were sent.
 */
public final class EmptyRounds {
  /** The weight, and Adam's two moments. */
  private static final int FLOATS_PER_WEIGHT = 3;

  private EmptyRounds() {}

  /**
   * How much is averaged.
   *
   * @param floats in a message: the weights and the optimiser's moments (of Adam: three a weight)
   * @param shards messages to the coordinator in a round
   * @param slots messages from the coordinator in a round; at most as many as shards
   * @param rounds how many
   */
  public record Size(int floats, int shards, int slots, int rounds) implements Serializable {
    /** Checks every value. */
    public Size {
      if (floats < 1 || slots < 1 || shards < slots || rounds < 1) {
        throw new IllegalArgumentException(
            "empty rounds need floats, slots and rounds of at least 1 and as many shards as slots, got %d, %d, %d and %d"
                .formatted(floats, slots, rounds, shards));
      }
    }
  }

  /**
   * Runs a job of such rounds and waits for its end.
   *
   * @param env where to run. Modified
   * @return seconds of each round but the first, by the coordinator's clock
   * @throws IllegalArgumentException where messages do not fit the cluster's frame size
   * @throws Exception where the job failed
   */
  public static double[] seconds(Size size, StreamExecutionEnvironment env) throws Exception {
    TrainJob.checkFrame(env.getConfiguration());
    Map<Integer, Long> ends = new TreeMap<>();
    try (CloseableIterator<TrainingRecord> records =
        env.fromSource(
                new TrainingSource(new Run(size)),
                WatermarkStrategy.noWatermarks(),
                "empty rounds",
                TrainingRecordSerializer.TYPE)
            .setParallelism(size.slots())
            .setMaxParallelism(Math.max(size.shards(), 2))
            .executeAndCollect("empty rounds")) {
      records.forEachRemaining(
          record -> {
            ByteBuffer value = ByteBuffer.wrap(record.value());
            ends.putIfAbsent(value.getInt(), value.getLong());
          });
    }
    double[] seconds = new double[size.rounds() - 1];
    for (int i = 0; i < seconds.length; i++) {
      seconds[i] = (ends.get(i + 2) - ends.get(i + 1)) * 1e-9;
    }
    return seconds;
  }

  /** Reports the number of rounds completed, and when. */
  private record Run(Size size) implements TrainingRun {
    @Override
    public TrainingSpec spec() {
      int rounds = size.rounds();
      return new TrainingSpec(size.shards(), 1, rounds, rounds + 1, 1, 1, 0, 1, 1, 0, 1);
    }

    @Override
    public float[] initialWeights() {
      return new float[(size.floats() + FLOATS_PER_WEIGHT - 1) / FLOATS_PER_WEIGHT];
    }

    @Override
    public HistoryRange resolve() {
      return new HistoryRange.Topic("nothing", List.of());
    }

    @Override
    public Shards load(HistoryRange range, List<Integer> shards, Path temporary) {
      return new Idle();
    }

    @Override
    public Stragglers stragglers() {
      return new Stragglers(Long.MAX_VALUE, false);
    }

    @Override
    public TrainingRecord header(Map<String, String> data, List<RunHeader.Slot> slots) {
      return report(0);
    }

    @Override
    public TrainingRecord report(TrainProgress progress, RoundReport round) {
      return report(progress.round());
    }

    private static TrainingRecord report(int rounds) {
      byte[] value =
          ByteBuffer.allocate(Integer.BYTES + Long.BYTES)
              .putInt(rounds)
              .putLong(System.nanoTime())
              .array();
      return new TrainingRecord("", new byte[0], value);
    }

    @Override
    public float[] refit(Outcome outcome) {
      return null;
    }

    @Override
    public List<TrainingRecord> conclude(Outcome outcome) {
      return List.of();
    }
  }

  private static final class Idle implements TrainingRun.Shards {
    @Override
    public String summary() {
      return "nothing";
    }

    @Override
    public Map<String, String> provenance() {
      return Map.of();
    }

    @Override
    public void refit(int rounds) {}

    @Override
    public ShardUpdate train(int shard, RoundWork work) {
      return new ShardUpdate(
          shard,
          work.round(),
          work.weights(),
          work.moments(),
          1,
          1,
          0,
          1,
          new ScoreSum(1, new double[] {-work.round()}),
          0);
    }

    @Override
    public GateScore gate(Stage stage, int shard, float[] weights) {
      return new GateScore(new ScoreSum(1, new double[1]), null);
    }
  }
}
