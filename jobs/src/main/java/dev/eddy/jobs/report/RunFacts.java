package dev.eddy.jobs.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is fixed before the first round. Maps are in the order to be printed.
 *
 * @param run names the run in its reports
 * @param pipeline the pipeline's name
 * @param configuration values by key, secrets hidden
 * @param data what it trains on
 * @param incumbent the model that is live; empty where there is none
 * @param versions code, Java, Flink, kernels
 */
public record RunFacts(
    String run,
    String pipeline,
    Map<String, String> configuration,
    Map<String, String> data,
    Map<String, String> incumbent,
    Map<String, String> versions) {

  /** Keeps copies. */
  public RunFacts {
    configuration = copy(configuration);
    data = copy(data);
    incumbent = copy(incumbent);
    versions = copy(versions);
  }

  private static Map<String, String> copy(Map<String, String> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
