package dev.eddy.jobs.demo;

import java.nio.file.Path;

/**
 * What the user asked of {@code eddy demo}. A null is "not given": the pipeline's configuration or
 * the demo's own default decides.
 *
 * @param config the pipeline's YAML file; null for the built-in pipeline on simulated meters
 * @param data a file, a folder or a glob to replay; null to simulate (or the configuration's own
 *     file)
 * @param seconds how long to stream, counted from the first forecast; 0 until Ctrl-C or the end of
 *     the file
 * @param headless plain lines instead of the live view
 * @param summary where the report's figures are written as JSON; null for nowhere
 * @param entities simulated meters, or null
 * @param rate events per second, or null; 0 is as fast as it goes
 * @param port the broker's port, 0 for any free one; null for 9092 or, where that is taken, any
 *     other
 * @param seed all randomness of the simulator and the training follows from it, or null
 * @param plot where the picture is written; null for {@code eddy-demo.png} in the working directory
 */
public record DemoOptions(
    Path config,
    Path data,
    int seconds,
    boolean headless,
    Path summary,
    Integer entities,
    Integer rate,
    Integer port,
    Long seed,
    Path plot) {

  /** Refuses what cannot be meant. */
  public DemoOptions {
    require(seconds >= 0, "--seconds must not be negative (0 runs until Ctrl-C), got " + seconds);
    require(entities == null || entities >= 1, "--entities must be at least 1, got " + entities);
    require(
        rate == null || rate >= 0,
        "--rate must not be negative (0: as fast as it goes), got " + rate);
    require(
        port == null || (port >= 0 && port <= 65535),
        "--port must lie within 0..65535 (0: any free one), got " + port);
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
