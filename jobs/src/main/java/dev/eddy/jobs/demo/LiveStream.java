package dev.eddy.jobs.demo;

import dev.eddy.jobs.train.TrainResult;
import dev.eddy.jobs.train.TrainingFailedException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;

/**
 * The live part of a demo: feeds, watches, shows, trains again and, at the end, drains. One thread
 * looks at everything a few times a second; nothing here takes part in the stream itself.
 */
final class LiveStream {
  private static final long LOOK_MILLIS = 200;
  private static final double RETRAIN_AFTER_SECONDS = 3;
  private static final double RETRAIN_PAUSE_SECONDS = 60;
  private static final double REFUSED_PAUSE_SECONDS = 5;
  private static final double DRAIN_SECONDS = 30;
  private static final double HURRIED_DRAIN_SECONDS = 5;

  /** A job that starts again and again would keep the demo waiting for ever. */
  private static final double STALLED_SECONDS = 180;

  /**
   * A file that must last until the second model is live goes by this share of what is left per
   * second.
   */
  private static final double PACE = 1.0 / 40;

  private final DemoOptions options;
  private final DemoPlan plan;
  private final Stage stage;
  private final PrintStream err;
  private final StopSignal stop;
  private final List<String> notes = new ArrayList<>();
  private final Stall stall = new Stall();
  private final long fileLength;
  private double retrainAt = Double.POSITIVE_INFINITY;
  private double ended;
  private double lastShown;
  private long lastSettled;
  private double lastRate;
  private CompletableFuture<JobStatus> status;

  /**
   * What it works with.
   *
   * @param feeder writes the live part
   * @param reader reads what comes out
   * @param trainer trains again
   * @param job the forecasting job
   * @param ledger the accounts
   * @param skill the errors
   */
  record Parts(
      Feeder feeder,
      OutputReader reader,
      Trainer trainer,
      JobClient job,
      Ledger ledger,
      LiveSkill skill) {}

  /**
   * How it went.
   *
   * @param end why it ended
   * @param seconds from the first forecast to the end of feeding
   * @param eventsPerSecond live records settled per second of feeding
   * @param notes what the user should know
   */
  record Outcome(String end, double seconds, double eventsPerSecond, List<String> notes) {}

  LiveStream(DemoOptions options, DemoPlan plan, Stage stage, PrintStream err, StopSignal stop) {
    this.options = options;
    this.plan = plan;
    this.stage = stage;
    this.err = err;
    this.stop = stop;
    this.fileLength = plan.readings().remaining();
  }

  /**
   * Runs it to its end: time is up, the file is at its end, nothing comes out any more, or the user
   * ends it.
   *
   * @throws DemoFailedException where the job or the feeder failed
   */
  Outcome run(Parts parts) throws DemoFailedException, InterruptedException {
    View view = View.of(err, options.headless());
    long warmups = parts.ledger().sent();
    parts.feeder().start(plan.rate() == null ? 0 : plan.rate());
    long fed = System.nanoTime();
    String end = null;
    while (end == null) {
      boolean ignored = stop.pause(LOOK_MILLIS);
      check(parts);
      train(parts);
      pace(parts);
      show(parts, view, false);
      end = end(parts);
    }
    ended = elapsed(parts);
    parts.feeder().stop();
    long settled = parts.ledger().settled() - warmups;
    double perSecond = Math.max(0, settled) / ((System.nanoTime() - fed) / 1e9);
    parts.trainer().close();
    drain(parts);
    show(parts, view, true);
    return new Outcome(end, ended, perSecond, notes);
  }

  private String end(Parts parts) {
    if (stop.asked()) {
      return "ended by the user";
    }
    if (options.seconds() > 0 && elapsed(parts) >= options.seconds()) {
      return "time is up";
    }
    long open = parts.ledger().lost();
    double stalled = stall.seconds(parts.ledger().settled(), open, System.nanoTime());
    if (parts.feeder().exhausted() && (open == 0 || stalled > DRAIN_SECONDS)) {
      return "the file is at its end";
    }
    if (stalled > STALLED_SECONDS) {
      notes.add(
          String.format(
              Locale.ROOT,
              "nothing came out for %.0f s, though %,d records were waiting: the log says what the forecasting job does",
              stalled,
              open));
      return "the job gave no more output";
    }
    return null;
  }

  /** Seconds since the first forecast; NaN before it. */
  private static double elapsed(Parts parts) {
    long first = parts.reader().firstForecast();
    return first == Long.MIN_VALUE ? Double.NaN : (System.nanoTime() - first) / 1e9;
  }

  private void check(Parts parts) throws DemoFailedException, InterruptedException {
    parts.feeder().check();
    parts.reader().check();
    if (status == null) {
      status = parts.job().getJobStatus();
    }
    if (!status.isDone()) {
      return;
    }
    JobStatus now = status.isCompletedExceptionally() ? null : status.join();
    status = null;
    if (now != null && now.isTerminalState()) {
      throw new DemoFailedException("the forecasting job is " + now + ": " + reason(parts.job()));
    }
  }

  private static String reason(JobClient job) throws InterruptedException {
    try {
      job.getJobExecutionResult().get();
      return "it ended by itself";
    } catch (java.util.concurrent.ExecutionException e) {
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      return root.toString();
    }
  }

  /** Starts another training when it is time, and hears what came of it. */
  private void train(Parts parts) {
    double now = elapsed(parts);
    if (Double.isNaN(now)) {
      return;
    }
    if (Double.isInfinite(retrainAt)) {
      retrainAt = now + RETRAIN_AFTER_SECONDS;
    }
    if (!parts.trainer().running()) {
      if (now >= retrainAt) {
        parts.trainer().start(true);
      }
      return;
    }
    try {
      DemoReport.Training training = parts.trainer().collect();
      if (training != null) {
        TrainResult result = training.result();
        retrainAt = now + (result.published() ? RETRAIN_PAUSE_SECONDS : REFUSED_PAUSE_SECONDS);
        if (!result.published()) {
          notes.add("a retrained model was refused: " + result.reason());
        }
      }
    } catch (TrainingFailedException | RuntimeException e) {
      notes.add("training again failed, the stream goes on: " + e.getMessage());
      retrainAt = now + RETRAIN_PAUSE_SECONDS;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * A file goes as fast as it can for its first half, then lasts until a second model answers, then
   * fast again.
   */
  private void pace(Parts parts) {
    if (plan.rate() != null || !plan.file()) {
      return;
    }
    boolean swapped = parts.skill().versions().size() > 1;
    long remaining = fileLength - parts.feeder().live();
    if (swapped || remaining > fileLength / 2) {
      parts.feeder().rate(0);
    } else {
      parts.feeder().rate(Math.max(1, remaining * PACE));
    }
  }

  private void show(Parts parts, View view, boolean last) {
    double now = System.nanoTime() / 1e9;
    if (!last && (now - lastShown) * 1000 < view.everyMillis()) {
      return;
    }
    long settled = parts.ledger().settled();
    if (lastShown > 0 && now > lastShown) {
      double rate = (settled - lastSettled) / (now - lastShown);
      // Commits come once a second: smooth them where the view looks more often.
      double share = Math.min(1, (now - lastShown) / 2);
      lastRate += share * (rate - lastRate);
    }
    lastShown = now;
    lastSettled = settled;
    view.show(
        new Glance(
            plan.pipeline().name() + ", " + plan.readings().entities().size() + " entities",
            stage.flink().webAddress(),
            last ? ended : elapsed(parts),
            options.seconds(),
            lastRate,
            settled,
            parts.ledger().lost(),
            parts.reader().late(),
            parts.reader().deadLetters(),
            parts.reader().latencies().millis(0.5),
            parts.reader().latencies().millis(0.99),
            parts.skill().skills(),
            parts.skill().versions(),
            parts.skill().stretches(),
            last ? "" : parts.trainer().text()));
  }

  /**
   * Waits until every record is accounted for, then long enough for an output that should not be
   * there to show.
   */
  private void drain(Parts parts) throws DemoFailedException, InterruptedException {
    double limit = stop.asked() ? HURRIED_DRAIN_SECONDS : DRAIN_SECONDS;
    long start = System.nanoTime();
    while (parts.ledger().lost() > 0 && (System.nanoTime() - start) / 1e9 < limit) {
      check(parts);
      Thread.sleep(20);
    }
    if (parts.ledger().lost() > 0) {
      notes.add(
          String.format(
              Locale.ROOT,
              "after %.0f s of draining %,d records had no output",
              limit,
              parts.ledger().lost()));
    }
    Thread.sleep(plan.pipeline().serving().checkpointMillis() + 300);
    check(parts);
  }
}
