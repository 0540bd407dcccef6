package dev.eddy.jobs.forecast;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.io.Parsed;
import dev.eddy.jobs.io.Prediction;
import dev.eddy.jobs.io.Sinks;
import dev.eddy.jobs.io.Sources;
import dev.eddy.jobs.io.StreamTypes;
import dev.eddy.jobs.registry.ModelRecord;
import dev.eddy.jobs.registry.ModelRecordSerializer;
import dev.eddy.jobs.registry.ModelRef;
import dev.eddy.jobs.registry.ModelRegistry;
import dev.eddy.jobs.registry.ModelSource;
import dev.eddy.jobs.registry.ModelStore;
import dev.eddy.jobs.registry.RegistryException;
import dev.eddy.jobs.serve.ModelFit;
import dev.eddy.jobs.serve.ModelProvider;
import dev.eddy.jobs.serve.RefusedModelException;
import dev.eddy.jobs.serve.StepOperator;
import dev.eddy.jobs.serve.StepOutputs;
import dev.eddy.jobs.serve.StepSettings;
import dev.eddy.jobs.serve.StoredModels;
import dev.eddy.jobs.state.EntityFootprint;
import dev.eddy.model.model.Model;
import java.io.IOException;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The streaming job that forecasts every entity of a topic. */
public final class ForecastJob {
  private final PipelineConfig config;
  private final ForecastIo io;
  private final ModelProvider provider;
  private final ModelRef live;

  /**
   * A job over given sources and sinks.
   *
   * @param provider where models are fetched from, on the TaskManagers
   * @param live the model to start with
   */
  public ForecastJob(PipelineConfig config, ForecastIo io, ModelProvider provider, ModelRef live) {
    this.config = config;
    this.io = io;
    this.provider = provider;
    this.live = live;
  }

  /**
   * The job of a pipeline against its Kafka. Reads the models topic once: the job starts with the
   * model that is live now, and follows the topic from there. An operator cannot wait for its
   * second input, and the topic's history would replay as so many swaps.
   *
   * @throws NoLiveModelException if there is nothing to serve, or what is live does not fit the
   *     pipeline
   * @throws RegistryException if Kafka cannot be reached or refuses
   */
  public static ForecastJob of(PipelineConfig config) throws NoLiveModelException {
    ModelRegistry.Live live;
    try (ModelRegistry registry = ModelRegistry.open(config)) {
      live = registry.live(config.name());
    }
    ModelRef ref = live.model().orElseThrow(() -> NoLiveModelException.none(config.name()));
    ModelProvider models = new StoredModels(new ModelStore(config));
    try {
      ModelFit.check(config.name(), config.forecast(), models.load(ref));
    } catch (RefusedModelException e) {
      throw NoLiveModelException.refused(ref, e);
    } catch (IOException e) {
      throw new RegistryException(e.getMessage(), e);
    }
    ForecastIo io =
        new ForecastIo(
            Sources.events(config),
            ModelSource.from(config, live.endOffset()),
            Sinks.predictions(config),
            Sinks.scores(config),
            Sinks.late(config),
            Sinks.deadLetters(config));
    return new ForecastJob(config, io, models, ref);
  }

  /**
   * Whether a model could go live in a pipeline.
   *
   * @throws IllegalArgumentException naming all that does not fit
   */
  public static void requireFit(PipelineConfig config, Model model) {
    try {
      ModelFit.check(config.name(), config.forecast(), model);
    } catch (RefusedModelException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** The model it starts with. */
  public ModelRef live() {
    return live;
  }

  /** What it starts with and what an entity will cost, for people. */
  public String describe() {
    return "model %s version %d; %s"
        .formatted(live.name(), live.version(), EntityFootprint.of(config.forecast()));
  }

  /** Puts the job's operators and settings into an environment; the caller executes it. */
  public void build(StreamExecutionEnvironment env) {
    configure(env);
    connect(events(env), models(env));
  }

  /** The events topic, parsed. */
  DataStream<Parsed> events(StreamExecutionEnvironment env) {
    WatermarkStrategy<Parsed> times = EventTimes.strategy(config.serving().maxDelayMillis());
    return env.fromSource(io.events(), times, "events", StreamTypes.PARSED).uid("events");
  }

  /** The models topic: one partition, no event time. */
  DataStream<ModelRecord> models(StreamExecutionEnvironment env) {
    return env.fromSource(
            io.models(), WatermarkStrategy.noWatermarks(), "models", ModelRecordSerializer.TYPE)
        .uid("models")
        .setParallelism(1);
  }

  /** Everything between sources and sinks. */
  void connect(DataStream<Parsed> records, DataStream<ModelRecord> models) {
    SingleOutputStreamOperator<Parsed.Event> events =
        records.process(new SplitRecords()).returns(StreamTypes.EVENT).uid("split").name("split");
    SingleOutputStreamOperator<Prediction> predictions =
        events
            .keyBy(Parsed.Event::entity)
            .connect(models.broadcast())
            .transform(
                "step",
                StreamTypes.PREDICTION,
                new StepOperator(StepSettings.of(config), provider, live))
            .uid("step")
            .name("step");
    predictions.sinkTo(io.predictions()).uid("predictions").name("predictions");
    predictions.getSideOutput(StepOutputs.SCORES).sinkTo(io.scores()).uid("scores").name("scores");
    predictions.getSideOutput(StepOutputs.LATE).sinkTo(io.late()).uid("late").name("late");
    events
        .getSideOutput(SplitRecords.BAD)
        .sinkTo(io.deadLetters())
        .uid("dead-letters")
        .name("dead-letters");
  }

  /**
   * What belongs to the job and not to the cluster. State is exactly-once whatever the delivery:
   * {@code at-least-once} only spares the sinks their transactions.
   */
  void configure(StreamExecutionEnvironment env) {
    PipelineConfig.Serving serving = config.serving();
    Configuration job = new Configuration();
    job.set(PipelineOptions.GENERIC_TYPES, false);
    job.set(PipelineOptions.OBJECT_REUSE, true); // records are immutable
    env.configure(job);
    env.setMaxParallelism(serving.maxParallelism());
    if (serving.parallelism() > 0) {
      env.setParallelism(serving.parallelism());
    }
    env.enableCheckpointing(serving.checkpointMillis(), CheckpointingMode.EXACTLY_ONCE);
  }
}
