package dev.eddy.jobs.cli;

import dev.eddy.jobs.config.ConfigException;
import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.config.Redaction;
import dev.eddy.jobs.demo.DemoFailedException;
import dev.eddy.jobs.embedded.PortInUseException;
import dev.eddy.jobs.forecast.NoLiveModelException;
import dev.eddy.jobs.registry.RegistryException;
import dev.eddy.jobs.train.TrainingFailedException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/** Turns a failure into one message and an exit code. */
final class Failures {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int BAD_USAGE = 2;

  private static final PipelineConfig.Kafka NONE = new PipelineConfig.Kafka("", Map.of());

  private Failures() {}

  /**
   * Says what went wrong.
   *
   * @param kafka whose secrets must not show; null if no configuration was loaded
   * @return the exit code
   */
  static int report(Throwable failure, PipelineConfig.Kafka kafka, boolean debug, PrintStream err) {
    PipelineConfig.Kafka guarded = kafka == null ? NONE : kafka;
    err.println("eddy: " + Redaction.clean(message(failure, debug), guarded));
    if (debug) {
      StringWriter trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace, true));
      err.print(Redaction.clean(trace.toString(), guarded));
    }
    if (failure instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    return code(failure);
  }

  private static int code(Throwable failure) {
    return failure instanceof ConfigException
            || failure instanceof NoLiveModelException
            || failure instanceof PortInUseException
        ? BAD_USAGE
        : FAILED;
  }

  private static String message(Throwable failure, boolean debug) {
    if (code(failure) == BAD_USAGE
        || failure instanceof DemoFailedException
        || failure instanceof TrainingFailedException
        || failure instanceof RegistryException) {
      return failure.getMessage();
    }
    if (failure instanceof InterruptedException) {
      return "interrupted";
    }
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String text = root.getMessage() == null ? "" : ": " + root.getMessage();
    return "failed: %s%s%s"
        .formatted(root.getClass().getSimpleName(), text, debug ? "" : " (--debug shows where)");
  }
}
