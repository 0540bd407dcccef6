package dev.eddy.jobs.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The records of the topic {@code <name>.training}: how a run is getting on, and what came of it.
 * Key: the run. Value: a JSON object {@code {"run", "header": {...}, "round": {...}, "progress":
 * {...}, "result": {...}}}; what a record does not say is null. Numbers that are not known are the
 * text {@code "NaN"}.
 */
final class Reports {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Reports() {}

  /**
   * One record's value.
   *
   * @param run which run
   * @param header what is known before the first round, or null
   * @param round a completed round, or null
   * @param progress a step forward, or null
   * @param result what came of it, or null
   */
  record Report(
      String run,
      RunHeader header,
      RoundReport round,
      TrainProgress progress,
      TrainResult result) {}

  /** The topic of a pipeline's reports. */
  static String topic(String pipeline) {
    return pipeline + ".training";
  }

  static TrainingRecord write(String topic, Report report) {
    try {
      return new TrainingRecord(
          topic, report.run().getBytes(StandardCharsets.UTF_8), JSON.writeValueAsBytes(report));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "a report of training run " + report.run() + " cannot be written", e);
    }
  }

  static Report read(byte[] value) throws IOException {
    return JSON.readValue(value, Report.class);
  }
}
