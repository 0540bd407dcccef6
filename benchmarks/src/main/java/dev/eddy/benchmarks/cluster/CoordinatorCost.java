package dev.eddy.benchmarks.cluster;

import dev.eddy.benchmarks.run.Quantiles;
import dev.eddy.model.optim.Sgd;
import dev.eddy.model.optim.UpdateSpec;
import dev.eddy.model.train.RoundCoordinator;
import dev.eddy.model.train.RoundWork;
import dev.eddy.model.train.ScoreSum;
import dev.eddy.model.train.ShardUpdate;
import dev.eddy.model.train.TrainingSpec;
import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.util.InstantiationUtil;

/**
 * What the coordinator itself does in a round, on one thread, without Flink and without a network:
 * so any number of slots can be simulated.
 *
 * @param size how much was averaged
 * @param serialise seconds of making the bytes of the messages to all slots
 * @param deserialise seconds of reading the updates of all shards
 * @param fold seconds of checking and averaging them
 */
record CoordinatorCost(RoundSize size, double serialise, double deserialise, double fold) {

  /** Seconds of a round. */
  double seconds() {
    return serialise + deserialise + fold;
  }

  /** Measures some rounds; medians. */
  static CoordinatorCost measure(RoundSize size, int rounds) throws Exception {
    TrainingSpec spec =
        new TrainingSpec(
            size.shards(), 1, rounds, rounds + 1, 1, 1, 0, UpdateSpec.of(new Sgd(), 1), 1);
    RoundCoordinator coordinator = new RoundCoordinator(spec, new float[size.floats()]);
    double[] serialise = new double[rounds];
    double[] deserialise = new double[rounds];
    double[] fold = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      long start = System.nanoTime();
      for (int slot = 0; slot < size.slots(); slot++) {
        bytes(coordinator.work(slot));
      }
      serialise[round] = (System.nanoTime() - start) * 1e-9;
      for (int shard = 0; shard < size.shards(); shard++) {
        byte[] message = bytes(update(shard, coordinator.work(shard)));
        long received = System.nanoTime();
        ShardUpdate update = InstantiationUtil.deserializeObject(message, loader());
        long read = System.nanoTime();
        coordinator.accept(update);
        deserialise[round] += (read - received) * 1e-9;
        fold[round] += (System.nanoTime() - read) * 1e-9;
      }
    }
    return new CoordinatorCost(size, median(serialise), median(deserialise), median(fold));
  }

  private static ClassLoader loader() {
    return CoordinatorCost.class.getClassLoader();
  }

  private static byte[] bytes(Object message) throws IOException {
    return InstantiationUtil.serializeObject(message);
  }

  private static ShardUpdate update(int shard, RoundWork work) {
    ScoreSum validation = new ScoreSum(1, new double[] {-work.round()});
    return new ShardUpdate(
        shard, work.round(), work.weights(), work.moments(), 1, 1, 0, 1, validation, 0);
  }

  /** Of the rounds after the first, in which nothing is compiled yet. */
  private static double median(double[] seconds) {
    return Quantiles.of(Arrays.copyOfRange(seconds, seconds.length / 3, seconds.length), 0.5);
  }
}
