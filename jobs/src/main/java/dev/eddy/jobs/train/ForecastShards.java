package dev.eddy.jobs.train;

import dev.eddy.jobs.history.LoadedHistory;
import dev.eddy.model.task.forecast.ForecastTraining;
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
  private final String summary;
  private final Map<Integer, ShardTrainer> trainers = new TreeMap<>();

  ForecastShards(
      ForecastTraining plan, TrainingSetup setup, LoadedHistory history, List<Integer> shards) {
    this.plan = plan;
    this.setup = setup;
    this.summary = history.summary();
    shards.forEach(shard -> trainers.put(shard, new ShardTrainer(setup, plan.shard(shard))));
  }

  @Override
  public String summary() {
    return summary;
  }

  @Override
  public Map<String, String> provenance() {
    return plan.provenance();
  }

  @Override
  public ShardUpdate train(int shard, RoundWork work) {
    return trainers.get(shard).run(work);
  }

  @Override
  public ScoreSum gate(int shard, float[] weights) {
    return new Scorer(setup).score(weights, plan.gate(shard), plan.gateMetrics());
  }
}
