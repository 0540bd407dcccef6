package dev.eddy.jobs.demo;

import java.io.PrintStream;

/** The logic of {@code eddy demo}: broker, cluster, training, forecasting, swap and report in one JVM. */
public final class Demo {
  private Demo() {}

  /**
   * Runs the demo to its end.
   *
   * @param options what the user asked for
   * @param out gets the report
   * @param err gets progress and the live view
   * @return exit code: 0 where forecasts came out and nothing was lost or doubled, 1 where it failed while running, 2
   *     where what was asked cannot be done
   */
  public static int run(DemoOptions options, PrintStream out, PrintStream err) {
    throw new UnsupportedOperationException("being built");
  }
}
