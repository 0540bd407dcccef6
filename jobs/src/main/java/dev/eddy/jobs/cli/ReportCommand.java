package dev.eddy.jobs.cli;

import dev.eddy.jobs.config.ConfigException;
import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.report.Outcome;
import dev.eddy.jobs.report.ReportFiles;
import dev.eddy.jobs.report.RunLog;
import dev.eddy.jobs.report.TrainingReport;
import dev.eddy.jobs.train.RunArchive;
import dev.eddy.jobs.train.RunHeader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** The report of a run that was submitted elsewhere. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Writes report.html and report.json of a training run, from what the topic NAME.training says",
      "of it. 'eddy train' writes its own; this is for runs submitted elsewhere, and past ones.",
      "Exit code 0: written. 1: failed. 2: no such run, or bad usage."
    },
    footer = {"", "Example:", "  eddy report conf/load.yaml --out load-report"})
final class ReportCommand implements Callable<Integer> {
  @ParentCommand private Eddy eddy;
  @Mixin private PipelineOptions pipeline;

  @Option(
      names = "--run",
      paramLabel = "ID",
      description = "Which run, as its report names it. Default: the newest.")
  private String run;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The folder; made where it is missing.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    PipelineConfig config = pipeline.load(eddy);
    ReportOptions.writable(out);
    Preflight.reach(config, eddy.err());
    RunLog log = new RunLog(unknown("", Instant.EPOCH, config));
    RunArchive.Told told =
        new RunArchive(config)
            .tell(run, log)
            .orElseThrow(
                () ->
                    new ConfigException(
                        "topic %s.training at %s tells of no training run%s"
                            .formatted(
                                config.name(),
                                config.kafka().bootstrap(),
                                run == null ? "; 'eddy train' makes one" : " " + run)));
    if (!told.headed()) {
      log.header(unknown(told.run(), told.first(), config));
    }
    TrainingReport report =
        told.result() == null
            ? log.ended(Outcome.UNFINISHED, "", told.last())
            : log.ended(told.result(), told.last());
    eddy.out().println("report: " + ReportFiles.write(report, out));
    return Failures.DONE;
  }

  /** The configuration may have changed since: only what the run itself said is told. */
  private static RunHeader unknown(String run, Instant started, PipelineConfig config) {
    return new RunHeader(
        run,
        config.name(),
        started.toEpochMilli(),
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        List.of());
  }
}
