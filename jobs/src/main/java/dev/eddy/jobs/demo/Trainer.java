package dev.eddy.jobs.demo;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.embedded.EmbeddedFlink;
import dev.eddy.jobs.train.TrainJob;
import dev.eddy.jobs.train.TrainOptions;
import dev.eddy.jobs.train.TrainProgress;
import dev.eddy.jobs.train.TrainResult;
import dev.eddy.jobs.train.TrainingFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs training jobs beside the stream, one at a time, and remembers what came of them. */
final class Trainer implements AutoCloseable {
  private final PipelineConfig config;
  private final EmbeddedFlink flink;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread t = new Thread(task, "demo-trainer");
            t.setDaemon(true);
            return t;
          });
  private final List<DemoReport.Training> done = new ArrayList<>();
  private Future<DemoReport.Training> running;
  private volatile TrainProgress progress;

  /**
   * @param config the pipeline
   * @param flink where training jobs run
   */
  Trainer(PipelineConfig config, EmbeddedFlink flink) {
    this.config = config;
    this.flink = flink;
  }

  /** Starts a run, from the live model's weights or afresh. Only while none is running. */
  void start(boolean warm) {
    if (running()) {
      throw new IllegalStateException("a training run is under way");
    }
    progress = null;
    long start = System.nanoTime();
    running =
        thread.submit(
            () -> {
              TrainResult result =
                  TrainJob.run(
                      config,
                      new TrainOptions(warm, false),
                      flink.environment(),
                      p -> progress = p);
              return new DemoReport.Training(result, (System.nanoTime() - start) / 1e9);
            });
  }

  /** Whether a run is under way, or has ended and {@link #collect()} was not called yet. */
  boolean running() {
    return running != null;
  }

  /** How far the run is; null before its first step. */
  TrainProgress progress() {
    return progress;
  }

  /**
   * What came of the run.
   *
   * @return null while it is still under way
   * @throws TrainingFailedException where it failed
   */
  DemoReport.Training collect() throws TrainingFailedException, InterruptedException {
    if (running == null || !running.isDone()) {
      return null;
    }
    try {
      DemoReport.Training training = running.get();
      done.add(training);
      return training;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TrainingFailedException failed) {
        throw failed;
      }
      if (e.getCause() instanceof RuntimeException failed) {
        throw failed;
      }
      throw new IllegalStateException("training ended unexpectedly", e.getCause());
    } finally {
      running = null;
    }
  }

  /** Every run that ended by itself, in order. */
  List<DemoReport.Training> done() {
    return List.copyOf(done);
  }

  /** What the run is doing, in one line; empty where none is under way. */
  String text() {
    TrainProgress p = progress;
    if (running == null) {
      return "";
    }
    if (p == null || p.phase() == TrainProgress.Phase.LOADING) {
      return "training again: loading the history";
    }
    if (p.phase() != TrainProgress.Phase.TRAINING || p.round() == 0) {
      return "training again: " + p.phase().name().toLowerCase(Locale.ROOT);
    }
    return String.format(
        Locale.ROOT,
        "training again: round %d of %d, loss %.4f, %,.0f samples/s, %.0f s left",
        p.round(),
        p.rounds(),
        p.loss(),
        p.samplesPerSecond(),
        p.secondsLeft());
  }

  /** Ends a run that is under way and waits until its job is gone. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      boolean ignored = thread.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
