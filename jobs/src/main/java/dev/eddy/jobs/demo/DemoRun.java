package dev.eddy.jobs.demo;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.forecast.ForecastJob;
import dev.eddy.jobs.forecast.NoLiveModelException;
import dev.eddy.jobs.terminal.ProgressBar;
import dev.eddy.jobs.terminal.Terminal;
import dev.eddy.jobs.train.TrainProgress;
import dev.eddy.jobs.train.TrainResult;
import dev.eddy.jobs.train.TrainingFailedException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * One demo from start to report: broker and cluster, history, training, the forecasting job, the
 * live stream with a second training beside it, and the drain at the end that makes the accounts
 * final.
 */
final class DemoRun {
  private final DemoOptions options;
  private final DemoPlan plan;
  private final PrintStream err;
  private final StopSignal stop;
  private final long start = System.nanoTime();
  private final List<String> notes = new ArrayList<>();
  private final Ledger ledger = new Ledger();
  private final JobScores scores = new JobScores();
  private final LiveSkill skill;
  private double startupSeconds;
  private double historySeconds;

  /**
   * @param options what the user asked for
   * @param plan what was made of it
   * @param err gets progress and the live view
   * @param stop the user's wish to end
   */
  DemoRun(DemoOptions options, DemoPlan plan, PrintStream err, StopSignal stop) {
    this.options = options;
    this.plan = plan;
    this.err = err;
    this.stop = stop;
    this.skill = new LiveSkill(plan.pipeline().forecast(), plan.readings().liveStart());
  }

  /**
   * Runs it.
   *
   * @return null where the user ended it before the stream began
   * @throws DemoFailedException where no model came out that could be served, or the job failed
   */
  DemoReport run()
      throws DemoFailedException,
          TrainingFailedException,
          NoLiveModelException,
          InterruptedException {
    say("starting Kafka and Flink");
    try (Stage stage = Stage.start(options.port(), plan.pipeline(), this::say)) {
      startupSeconds = seconds();
      say("Kafka on " + stage.bootstrap() + ", Flink's web UI on " + stage.flink().webAddress());
      PipelineConfig config = plan.on(stage.bootstrap());
      try (Feeder feeder =
              new Feeder(stage.bootstrap(), config.source(), plan.readings(), skill, ledger);
          Trainer trainer = new Trainer(config, stage.flink())) {
        Map<Integer, Long> written = history(feeder);
        if (stop.asked() || !firstModel(trainer)) {
          return null;
        }
        return stream(stage, feeder, trainer, written);
      }
    }
  }

  private Map<Integer, Long> history(Feeder feeder) {
    double from = seconds();
    say("writing the history of " + plan.readings().entities().size() + " entities");
    Map<Integer, Long> written = feeder.history(stop::asked);
    historySeconds = seconds() - from;
    long records = written.values().stream().mapToLong(n -> n).sum();
    say(String.format(Locale.ROOT, "%,d readings written in %.1f s", records, historySeconds));
    return written;
  }

  /** Trains and publishes the model that the stream begins with; false where the user ended it. */
  private boolean firstModel(Trainer trainer)
      throws DemoFailedException, TrainingFailedException, InterruptedException {
    trainer.start(false);
    DemoReport.Training training = null;
    try (ProgressBar bar = ProgressBar.on(err, Terminal.present() && !options.headless())) {
      TrainProgress shown = null;
      while (training == null) {
        if (stop.pause(100)) {
          return false;
        }
        TrainProgress progress = trainer.progress();
        if (progress != null && !progress.equals(shown)) {
          bar.show(progress);
          shown = progress;
        }
        training = trainer.collect();
      }
    }
    TrainResult result = training.result();
    if (!result.published()) {
      throw new DemoFailedException(
          "there is nothing to serve, because the gate let no first model through: "
              + result.reason());
    }
    say(
        String.format(
            Locale.ROOT, "model version %d after %.1f s", result.version(), training.seconds()));
    return true;
  }

  private DemoReport stream(Stage stage, Feeder feeder, Trainer trainer, Map<Integer, Long> written)
      throws DemoFailedException,
          TrainingFailedException,
          NoLiveModelException,
          InterruptedException {
    PipelineConfig serving = plan.serving(stage.bootstrap());
    Offsets.open(ledger, stage.bootstrap(), serving.topic("events"), plan.warmupStart(), written);
    try (OutputReader reader = new OutputReader(serving, Stage.PARTITIONS, ledger, skill, scores)) {
      reader.start();
      JobClient job = submit(stage, serving);
      LiveStream live = new LiveStream(options, plan, stage, err, stop);
      LiveStream.Outcome outcome =
          live.run(new LiveStream.Parts(feeder, reader, trainer, job, ledger, skill));
      cancel(job);
      reader.check();
      return report(reader, feeder, trainer, outcome);
    }
  }

  private JobClient submit(Stage stage, PipelineConfig serving)
      throws DemoFailedException, NoLiveModelException {
    say("starting the forecasting job");
    Configuration settings = new Configuration();
    settings.set(CoreOptions.DEFAULT_PARALLELISM, serving.serving().parallelism());
    StreamExecutionEnvironment env = stage.flink().environment(settings);
    ForecastJob.of(serving).build(env);
    try {
      return env.executeAsync(serving.name());
    } catch (Exception e) {
      throw new DemoFailedException("the forecasting job cannot be started: " + e.getMessage(), e);
    }
  }

  private void cancel(JobClient job) {
    try {
      job.cancel().get(5, java.util.concurrent.TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      notes.add("the forecasting job did not end when asked to: " + e.getMessage());
    }
  }

  private DemoReport report(
      OutputReader reader, Feeder feeder, Trainer trainer, LiveStream.Outcome outcome) {
    notes.addAll(outcome.notes());
    long first = reader.firstForecast();
    String plot = picture();
    return new DemoReport(
        outcome.end(),
        new DemoReport.Run(
            plan.pipeline().name(),
            plan.readings().entities().size(),
            plan.seed(),
            outcome.seconds()),
        skill.skills(),
        skill.targets(),
        new DemoReport.Scores(scores.targets(), scores.mae(), scores.coverage()),
        new DemoReport.Accounts(
            ledger.sent(),
            feeder.live(),
            skill.forecasts(),
            skill.warmups(),
            reader.late(),
            reader.deadLetters(),
            ledger.lost(),
            ledger.duplicated(),
            ledger.unknown()),
        skill.versions(),
        new DemoReport.Speed(
            outcome.eventsPerSecond(),
            reader.latencies().millis(0.5),
            reader.latencies().millis(0.99),
            first == Long.MIN_VALUE ? Double.NaN : (first - start) / 1e9,
            startupSeconds,
            historySeconds,
            Memory.peakBytes()),
        trainer.done(),
        plot,
        notes);
  }

  private String picture() {
    java.nio.file.Path file =
        options.plot() == null ? java.nio.file.Path.of("eddy-demo.png") : options.plot();
    LiveSkill.Portrait portrait = skill.portrait(9 * plan.pipeline().forecast().seasons()[0]);
    if (portrait == null) {
      return null;
    }
    List<String> names = skill.skills().stream().map(s -> DemoReport.name(s.name())).toList();
    try {
      String note =
          Picture.write(
              new Picture.Content(
                  "Eddy, " + plan.pipeline().name(),
                  portrait,
                  skill.stretches(),
                  names,
                  skill.versions()),
              file);
      if (note != null) {
        notes.add(note);
        return null;
      }
      return file.toString();
    } catch (java.io.IOException e) {
      notes.add("no plot: " + file + " cannot be written: " + e.getMessage());
      return null;
    }
  }

  private double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }

  private void say(String text) {
    err.println(text);
  }
}
