package dev.eddy.jobs.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eddy.jobs.config.ConfigException;
import dev.eddy.jobs.embedded.PortInUseException;
import dev.eddy.jobs.forecast.NoLiveModelException;
import dev.eddy.jobs.train.TrainingFailedException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The logic of {@code eddy demo}: broker, cluster, training, forecasting, swap and report in one
 * JVM.
 */
public final class Demo {
  private Demo() {}

  /**
   * Runs the demo to its end.
   *
   * @param options what the user asked for
   * @param out gets the report
   * @param err gets progress and the live view
   * @return exit code: 0 where forecasts came out and nothing was lost or doubled, else 1
   * @throws ConfigException where what was asked cannot be done
   * @throws PortInUseException where the port asked for is taken
   * @throws DemoFailedException where the stream cannot go on
   * @throws TrainingFailedException where the first training failed
   * @throws NoLiveModelException where the model published a moment ago is not there
   * @throws IOException where the summary cannot be written
   * @throws InterruptedException where this thread was interrupted
   */
  public static int run(DemoOptions options, PrintStream out, PrintStream err)
      throws DemoFailedException,
          TrainingFailedException,
          NoLiveModelException,
          IOException,
          InterruptedException {
    try (StopSignal stop = new StopSignal()) {
      DemoReport report = new DemoRun(options, DemoPlan.of(options), err, stop).run();
      if (report == null) {
        err.println("ended by the user before the stream began; nothing to report");
        return 1;
      }
      out.print(report.table());
      out.flush();
      write(report, options.summary());
      return report.good() ? 0 : 1;
    }
  }

  private static void write(DemoReport report, Path file) throws IOException {
    if (file == null) {
      return;
    }
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    String json =
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(report.json());
    Files.writeString(file, json + "\n");
  }
}
