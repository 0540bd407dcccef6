package dev.eddy.jobs.train;

import dev.eddy.jobs.history.LoadedHistory;
import dev.eddy.model.model.Model;
import dev.eddy.model.task.forecast.ForecastTraining;
import dev.eddy.model.task.forecast.GateScore;
import dev.eddy.model.train.RoundWork;
import dev.eddy.model.train.ScoreSum;
import dev.eddy.model.train.Scorer;
import dev.eddy.model.train.ShardTrainer;
import dev.eddy.model.train.ShardUpdate;
import dev.eddy.model.train.TrainingSetup;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The shards of one reader: each a trainer over its part of the plan. */
final class ForecastShards implements TrainingRun.Shards {
  private final ForecastTraining plan;
  private final TrainingSetup setup;
  private final Model live;
  private final LoadedHistory history;
  private final Map<Integer, ShardTrainer> trainers = new TreeMap<>();

  /**
   * Some shards of a plan.
   *
   * @param live the model to be scored beside; null for none
   */
  ForecastShards(
      ForecastTraining plan,
      TrainingSetup setup,
      Model live,
      LoadedHistory history,
      List<Integer> shards) {
    this.plan = plan;
    this.setup = setup;
    this.live = live;
    this.history = history;
    shards.forEach(shard -> trainers.put(shard, new ShardTrainer(setup, plan.shard(shard))));
  }

  @Override
  public String summary() {
    return history.summary();
  }

  @Override
  public Map<String, String> provenance() {
    return plan.provenance();
  }

  @Override
  public void refit(int rounds) {
    List<Integer> shards = List.copyOf(trainers.keySet());
    trainers.clear();
    ForecastTraining all = plan.refit(rounds);
    TrainingSetup again = all.setup(setup.kernels());
    shards.forEach(shard -> trainers.put(shard, new ShardTrainer(again, all.shard(shard))));
  }

  @Override
  public ShardUpdate train(int shard, RoundWork work) {
    return trainers.get(shard).run(work);
  }

  @Override
  public GateScore gate(Stage stage, int shard, float[] weights) {
    ScoreSum model = new Scorer(setup).score(weights, plan.gate(shard), plan.gateMetrics());
    boolean alone = live == null || stage == Stage.REFIT; // the gate has been passed by then
    return new GateScore(
        model, alone ? null : plan.gateOf(live.task(), live.weights(), shard, setup.kernels()));
  }

  @Override
  public long memoryBytes() {
    return history.memoryBytes();
  }

  @Override
  public long diskBytes() {
    return history.diskBytes();
  }

  @Override
  public void close() {
    history.close();
  }
}
