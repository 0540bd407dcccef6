package dev.eddy.jobs.serve;

import dev.eddy.jobs.config.PipelineConfig.Swap;
import dev.eddy.jobs.io.Parsed;
import dev.eddy.jobs.io.Prediction;
import dev.eddy.jobs.registry.ModelRecord;
import dev.eddy.jobs.registry.ModelRef;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.model.Model;
import dev.eddy.model.net.Network;
import dev.eddy.model.task.forecast.ForecastNetwork;
import dev.eddy.model.task.forecast.ForecastSpec;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;

/**
 * What an event costs by state backend, for docs/decisions/0003-entity-state.md: CPU time of the
 * operator's thread with all rings full. A program, not a test; takes about a minute. Arguments:
 * entities, and (for RocksDB) settings as {@code key=value}; without settings the heap.
 */
final class StateBackendCost {
  private static final ForecastSpec TASK =
      new ForecastSpec(
          24,
          3_600_000,
          new double[] {0.05, 0.5, 0.95},
          new int[] {24, 168},
          ForecastSpec.Skip.LINEAR,
          168,
          1000,
          168,
          168,
          List.of(new Lstm(64)));
  private static final int WARM = 220; // events of an entity before the clock starts
  private static final int MEASURED = 40;

  private StateBackendCost() {}

  /** An untrained model of that size. */
  private static final class Untrained implements ModelProvider {
    private static final long serialVersionUID = 1L;

    @Override
    public Model load(ModelRef ref) {
      Network network = ForecastNetwork.build(TASK);
      return new Model(ref.name(), TASK, network, network.initialWeights(1), Map.of());
    }

    @Override
    public Optional<ModelRef> find(String name, int version) {
      return Optional.empty();
    }
  }

  /** Measures one backend and prints a line. */
  public static void main(String[] args) throws Exception {
    int entities = Integer.parseInt(args[0]);
    StepSettings settings = new StepSettings("cost", TASK, Swap.REWARM, 256, 1000, 0, 0);
    ModelRef live = new ModelRef("cost", 1, 1, "", 1, 0, 0);
    try (var flink =
        new KeyedTwoInputStreamOperatorTestHarness<String, Parsed.Event, ModelRecord, Prediction>(
            new StepOperator(settings, new Untrained(), live),
            Parsed.Event::entity,
            null,
            Types.STRING,
            StepHarness.MAX_PARALLELISM,
            1,
            0)) {
      if (args.length > 1) {
        Configuration rocks = new Configuration();
        for (int i = 1; i < args.length; i++) {
          String[] setting = args[i].split("=", 2);
          rocks.setString(setting[0], setting[1]);
        }
        flink.setStateBackend(
            new EmbeddedRocksDBStateBackend()
                .configure(rocks, StateBackendCost.class.getClassLoader()));
      }
      flink.setup();
      flink.initializeEmptyState();
      flink.open();
      send(flink, entities, 0, WARM);
      long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      send(flink, entities, WARM, WARM + MEASURED);
      long spent = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
      System.out.printf("%.1f us an event%n", spent / 1e3 / entities / MEASURED);
    }
  }

  private static void send(
      KeyedTwoInputStreamOperatorTestHarness<String, Parsed.Event, ModelRecord, Prediction> flink,
      int entities,
      int from,
      int to)
      throws Exception {
    for (int step = from; step < to; step++) {
      for (int e = 0; e < entities; e++) {
        long time = step * TASK.stepMillis();
        double value = 10 + (step * 7 + e) % 24;
        Parsed.Event event =
            StepHarness.event("meter-" + e, time, value, (long) step * entities + e);
        flink.processElement1(new StreamRecord<>(event, time));
      }
      flink.getOutput().clear();
    }
  }
}
