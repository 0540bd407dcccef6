package dev.eddy.jobs.cli;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.forecast.ForecastJob;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** The streaming job. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Forecasts every entity of the events topic with the live model, and follows new models.",
      "With --cluster the job is submitted and goes on without this command; else it runs here until Ctrl-C.",
      "Exit code 0: submitted, or ended. 1: failed while running. 2: no live model, or bad usage."
    },
    footer = {
      "",
      "Examples:",
      "  eddy serve conf/load.yaml",
      "  eddy serve conf/load.yaml --cluster jobmanager:8081 -D serving.checkpoint=5s"
    })
final class ServeCommand implements Callable<Integer> {
  @ParentCommand private Eddy eddy;
  @Mixin private PipelineOptions pipeline;

  @Option(names = "--cluster", paramLabel = "HOST:PORT", description = FlinkTarget.OPTION)
  private String cluster;

  @Option(names = "--json", description = "Print the job's id as JSON.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    PipelineConfig config = pipeline.load(eddy);
    int slots = config.serving().parallelism();
    try (FlinkTarget flink =
        FlinkTarget.of(
            cluster, slots == 0 ? Runtime.getRuntime().availableProcessors() : slots, eddy.err())) {
      Preflight.check(config, Preflight.Use.SERVE, eddy.err());
      ForecastJob job = ForecastJob.of(config);
      eddy.err().println("eddy: " + job.describe());
      StreamExecutionEnvironment env = flink.environment();
      job.build(env);
      submit(env, "eddy serve " + config.name(), flink.kind());
    }
    return Failures.DONE;
  }

  private void submit(StreamExecutionEnvironment env, String name, FlinkTarget.Kind kind)
      throws Exception {
    if (kind == FlinkTarget.Kind.GIVEN) {
      // flink run decides whether this waits (-d does not).
      env.execute(name);
      return;
    }
    JobClient client = env.executeAsync(name);
    String id = client.getJobID().toHexString();
    if (json) {
      Json.print(Map.of("job", id, "name", name), eddy.out());
    } else {
      eddy.out().println("job " + id + " (" + name + ") is running");
    }
    if (kind == FlinkTarget.Kind.LOCAL) {
      eddy.err().println("eddy: Ctrl-C ends it; its state is lost then (use --cluster to keep it)");
      client.getJobExecutionResult().get();
    }
  }
}
