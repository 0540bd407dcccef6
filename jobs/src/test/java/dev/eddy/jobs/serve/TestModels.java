package dev.eddy.jobs.serve;

import dev.eddy.jobs.config.PipelineConfig.Swap;
import dev.eddy.jobs.registry.ModelRecord;
import dev.eddy.jobs.registry.ModelRef;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.model.Model;
import dev.eddy.model.net.Network;
import dev.eddy.model.task.forecast.ForecastNetwork;
import dev.eddy.model.task.forecast.ForecastSpec;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Untrained models for tests: what a version is follows from its number, so that the operator, the
 * offline pass and another JVM agree on it without anything being stored.
 *
 * <pre>
 *    1 ... 99   weights by seed, all of one architecture
 *  100 ... 199  another architecture
 *  200 ... 299  another horizon: does not fit
 *  300 ... 399  damaged: refused by the provider
 *    5n         known to the provider even where its manifest was not broadcast
 * </pre>
 */
public final class TestModels implements ModelProvider {
  private static final long serialVersionUID = 1L;
  private static final Map<Integer, Model> MODELS = new ConcurrentHashMap<>();

  /** The pipeline of all tests. */
  public static final String PIPELINE = "test";

  /** Milliseconds of a step. */
  public static final long STEP = 1000;

  /** What is forecast. */
  public static final ForecastSpec TASK = task(3, 4);

  /** The task with this horizon and size of network. */
  static ForecastSpec task(int horizon, int units) {
    return new ForecastSpec(
        horizon,
        STEP,
        new double[] {0.1, 0.5, 0.9},
        new int[] {4},
        ForecastSpec.Skip.LINEAR,
        6,
        50,
        5,
        16,
        List.of(new Lstm(units)));
  }

  /** Settings of an operator that steps every event at once. */
  public static StepSettings settings() {
    return settings(Swap.REWARM, 1, 0, 0, 0);
  }

  /** Settings of an operator. */
  public static StepSettings settings(
      Swap swap, int batchSize, long linger, long maxDelay, int gapReset) {
    return new StepSettings(PIPELINE, TASK, swap, batchSize, linger, maxDelay, gapReset);
  }

  /** The model of a version. */
  public static Model model(int version) {
    return MODELS.computeIfAbsent(
        version,
        number -> {
          ForecastSpec task =
              number < 100 ? TASK : number < 200 ? task(3, 5) : number < 300 ? task(2, 4) : TASK;
          Network network = ForecastNetwork.build(task);
          return new Model(PIPELINE, task, network, network.initialWeights(number), Map.of());
        });
  }

  /** A reference to a version, live with a swap epoch. */
  public static ModelRef ref(int version, long swapEpoch) {
    return new ModelRef(PIPELINE, version, swapEpoch, "sha-" + version, 100, 0, version);
  }

  /** The record that publishes a version. */
  public static ModelRecord published(int version) {
    return new ModelRecord.Published(ref(version, 0));
  }

  /** The record that makes a version live. */
  public static ModelRecord pointed(int version, long swapEpoch) {
    return new ModelRecord.Pointed(PIPELINE, version, swapEpoch, "sha-" + version, List.of());
  }

  @Override
  public Model load(ModelRef ref) throws IOException, RefusedModelException {
    if (ref.version() >= 300 || !ref.sha256().equals("sha-" + ref.version())) {
      throw new RefusedModelException("sha256 should be " + ref.sha256() + ", is another");
    }
    return model(ref.version());
  }

  @Override
  public Optional<ModelRef> find(String name, int version) {
    return version % 5 == 0 ? Optional.of(ref(version, 0)) : Optional.empty();
  }
}
