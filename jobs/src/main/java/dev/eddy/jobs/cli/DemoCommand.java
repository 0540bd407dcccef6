package dev.eddy.jobs.cli;

import dev.eddy.jobs.config.ConfigException;
import dev.eddy.jobs.demo.Demo;
import dev.eddy.jobs.demo.DemoOptions;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Everything in one process. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Kafka and Flink in this process, a live stream, training, a model swap, forecasts and a report.",
      "Exit code 0: forecasts came out, nothing lost or doubled. 1: failed. 2: cannot be done."
    },
    footer = {
      "",
      "Examples:",
      "  eddy demo",
      "  eddy demo --seconds 60 --headless --summary summary.json",
      "  eddy demo --config conf/etth1.yaml --data ETTh1.csv.gz"
    })
final class DemoCommand implements Callable<Integer> {
  @ParentCommand private Eddy eddy;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A pipeline's YAML file. Default: simulated meters.")
  private Path config;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "Files to replay: a file, a folder or a glob.")
  private Path data;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "End so long after the first forecast. Default: on Ctrl-C or at the end of the file.")
  private int seconds;

  @Option(names = "--headless", description = "Plain lines instead of the live view.")
  private boolean headless;

  @Option(
      names = "--summary",
      paramLabel = "FILE",
      description = "Write the report's figures as JSON.")
  private Path summary;

  @Option(names = "--entities", paramLabel = "N", description = "How many meters to simulate.")
  private Integer entities;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Readings per second; 0 is as fast as it goes.")
  private Integer rate;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Kafka's port. Default: 9092, or any other where that is taken.")
  private Integer port;

  @Option(names = "--seed", paramLabel = "N", description = "All randomness follows from it.")
  private Long seed;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Where the picture is written. Default: eddy-demo.png.")
  private Path plot;

  @Override
  public Integer call() throws Exception {
    DemoOptions options;
    try {
      options =
          new DemoOptions(
              config, data, seconds, headless, summary, entities, rate, port, seed, plot);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage());
    }
    return Demo.run(options, eddy.out(), eddy.err());
  }
}
