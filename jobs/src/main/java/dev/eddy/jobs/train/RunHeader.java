package dev.eddy.jobs.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is known of a run before its first round: the first of its records on the topic {@code
 * <name>.training}, so that a report can be made of these alone. Maps are in the order to be
 * printed.
 *
 * @param run names the run in its reports
 * @param pipeline the pipeline's name
 * @param startedMillis when it was submitted, epoch milliseconds
 * @param configuration values by key, secrets hidden
 * @param data what it trains on
 * @param incumbent the model that is live; empty where there is none
 * @param versions code, Java, Flink
 * @param slots where it runs; the first {@link RoundReport#MOST} of them
 */
public record RunHeader(
    String run,
    String pipeline,
    long startedMillis,
    Map<String, String> configuration,
    Map<String, String> data,
    Map<String, String> incumbent,
    Map<String, String> versions,
    List<Slot> slots) {

  /**
   * A task slot.
   *
   * @param slot index of the reader
   * @param host where it runs
   * @param kernels the arithmetic that it uses
   */
  public record Slot(int slot, String host, String kernels) {}

  /** Keeps copies. */
  public RunHeader {
    configuration = copy(configuration);
    data = copy(data);
    incumbent = copy(incumbent);
    versions = copy(versions);
    slots = List.copyOf(slots);
  }

  private static Map<String, String> copy(Map<String, String> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
