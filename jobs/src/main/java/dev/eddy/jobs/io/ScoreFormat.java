package dev.eddy.jobs.io;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.eddy.model.task.forecast.Score;
import java.io.IOException;
import java.util.Arrays;

/**
 * Records of the scores topic:
 *
 * <pre>
 *   {"entity":"m1","time":1700086400000,"origin":1700000000000,"warmup":false,"modelVersion":3,"count":24,
 *    "mae":0.8,"lastMae":1.9,"seasonMae":[1.1,1.0],"covered":0.92,"pinball":0.3}
 * </pre>
 *
 * <p>Times are epoch milliseconds. A figure that cannot be told is null.
 */
public final class ScoreFormat {
  private static final int MAX_SEASONS = 64;

  private ScoreFormat() {}

  /** A record's value. */
  public static byte[] write(LiveScore live) {
    Score score = live.score();
    return OutputJson.write(
        256,
        json -> {
          json.writeStringField("entity", live.entity());
          json.writeNumberField("time", live.time());
          json.writeNumberField("origin", score.origin());
          json.writeBooleanField("warmup", score.warmup());
          json.writeNumberField("modelVersion", score.modelVersion());
          json.writeNumberField("count", score.count());
          OutputJson.number(json, "mae", score.mae());
          OutputJson.number(json, "lastMae", score.lastMae());
          json.writeArrayFieldStart("seasonMae");
          for (double season : score.seasonMae()) {
            OutputJson.number(json, season);
          }
          json.writeEndArray();
          OutputJson.number(json, "covered", score.covered());
          OutputJson.number(json, "pinball", score.pinball());
        });
  }

  /**
   * The score in a record's value.
   *
   * @throws IOException if it is none
   */
  public static LiveScore read(byte[] value) throws IOException {
    String entity = null;
    long time = 0;
    long origin = 0;
    boolean warmup = false;
    int version = 0;
    int count = 0;
    double mae = Double.NaN;
    double lastMae = Double.NaN;
    double[] seasonMae = new double[0];
    double covered = Double.NaN;
    double pinball = Double.NaN;
    try (JsonParser json = OutputJson.parser(value)) {
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        json.nextToken();
        switch (name) {
          case "entity" -> entity = json.getText();
          case "time" -> time = json.getLongValue();
          case "origin" -> origin = json.getLongValue();
          case "warmup" -> warmup = json.getBooleanValue();
          case "modelVersion" -> version = json.getIntValue();
          case "count" -> count = json.getIntValue();
          case "mae" -> mae = OutputJson.doubleValue(json);
          case "lastMae" -> lastMae = OutputJson.doubleValue(json);
          case "seasonMae" -> seasonMae = readSeasons(json);
          case "covered" -> covered = OutputJson.doubleValue(json);
          case "pinball" -> pinball = OutputJson.doubleValue(json);
          default -> json.skipChildren();
        }
      }
    }
    if (entity == null) {
      throw new IOException("not a score: 'entity' is missing");
    }
    return new LiveScore(
        entity,
        time,
        new Score(origin, warmup, version, count, mae, lastMae, seasonMae, covered, pinball));
  }

  private static double[] readSeasons(JsonParser json) throws IOException {
    double[] seasons = new double[MAX_SEASONS];
    int count = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (count == MAX_SEASONS) {
        throw new IOException("more than " + MAX_SEASONS + " seasons in a score");
      }
      seasons[count++] = OutputJson.doubleValue(json);
    }
    return Arrays.copyOf(seasons, count);
  }
}
