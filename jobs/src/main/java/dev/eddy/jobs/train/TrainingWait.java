package dev.eddy.jobs.train;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The submitting side of a run: submits, follows the reports, waits for the end. */
final class TrainingWait {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingWait.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final long CANCEL_SECONDS = 10;

  /** What Flink says when a job has waited for slots in vain. */
  private static final String NO_SLOTS = "Could not acquire the minimum required resources";

  private final ReportFeed feed;
  private final ProgressListener listener;
  private boolean introduced;
  private RoundReport lastRound;
  private TrainProgress last;
  private TrainResult result;

  TrainingWait(ReportFeed feed, ProgressListener listener) {
    this.feed = feed;
    this.listener = listener;
  }

  TrainResult submit(StreamExecutionEnvironment env, String name)
      throws TrainingFailedException, InterruptedException {
    JobClient job;
    try {
      job = env.executeAsync(name);
    } catch (Exception e) {
      throw new TrainingFailedException("the training job cannot be submitted: " + message(e), e);
    }
    try {
      follow(job.getJobExecutionResult());
    } catch (InterruptedException | InterruptException e) {
      Thread.interrupted(); // Kafka's exception leaves the flag set, which would end the cancelling
      // too
      cancel(job);
      throw new InterruptedException("interrupted while waiting for the training job");
    }
    if (result == null) {
      throw new TrainingFailedException(
          "the training job has ended without a result among its reports: do records of that topic expire at once?",
          null);
    }
    return result;
  }

  private void follow(CompletableFuture<JobExecutionResult> end)
      throws TrainingFailedException, InterruptedException {
    while (!end.isDone()) {
      hear(feed.poll(POLL));
    }
    try {
      end.get();
    } catch (ExecutionException e) {
      throw new TrainingFailedException(message(e), e);
    }
    do {
      hear(feed.poll(POLL));
    } while (result == null && !feed.atEnd());
  }

  private void hear(List<Reports.Report> reports) {
    for (Reports.Report report : reports) {
      if (report.header() != null && !introduced) {
        introduced = true;
        listener.header(report.header());
      }
      if (report.round() != null && isNews(report.round())) {
        lastRound = report.round();
        listener.round(lastRound);
      }
      if (report.result() != null && result == null) {
        result = report.result();
        listener.progress(done(result));
      } else if (report.progress() != null && isNews(report.progress())) {
        last = report.progress();
        listener.progress(last);
      }
    }
  }

  /** After a failure of the job rounds are repeated, and so are their reports. */
  private boolean isNews(TrainProgress progress) {
    return last == null
        || progress.phase().compareTo(last.phase()) > 0
        || (progress.phase() == last.phase() && progress.round() > last.round());
  }

  private boolean isNews(RoundReport round) {
    return lastRound == null
        || (round.stage().equals(lastRound.stage())
            ? round.round() > lastRound.round()
            : round.stage().equals(Stage.REFIT.text()));
  }

  private TrainProgress done(TrainResult ended) {
    return new TrainProgress(
        TrainProgress.Phase.DONE,
        ended.rounds(),
        last == null ? ended.rounds() : last.rounds(),
        last == null ? Double.NaN : last.loss(),
        last == null ? Double.NaN : last.validationLoss(),
        ended.bestRound(),
        ended.samplesPerSecond(),
        0,
        ended.reason());
  }

  private static void cancel(JobClient job) {
    try {
      job.cancel().get(CANCEL_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      LOG.warn("Interrupted again while cancelling the training job; it may still run");
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("The training job could not be cancelled; it may still run", e);
    }
  }

  private static String message(Throwable failure) {
    if (ExceptionUtils.findThrowableWithMessage(failure, NO_SLOTS).isPresent()) {
      return "the cluster has no free task slots for this job; lower training.parallelism, or add"
          + " TaskManagers";
    }
    return ExceptionUtils.findThrowable(failure, UnrecoverableTrainingException.class)
        .map(Throwable::getMessage)
        .orElseGet(
            () -> {
              Throwable root = failure;
              while (root.getCause() != null) {
                root = root.getCause();
              }
              return root.getMessage() == null ? root.toString() : root.getMessage();
            });
  }
}
