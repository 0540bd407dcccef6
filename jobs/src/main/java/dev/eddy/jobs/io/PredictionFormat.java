package dev.eddy.jobs.io;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.eddy.model.task.forecast.Forecast;
import dev.eddy.model.task.forecast.ForecastSpec;
import java.io.IOException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Arrays;

/**
 * Records of the predictions topic:
 *
 * <pre>
 *   {"entity":"m1","time":1700000000000,"step":17,
 *    "targets":[{"time":1700003600000,"p05":1.2,"p50":1.5,"p95":2.0}, ...],   one for each step of the horizon
 *    "source":"model",                                                        or "warmup"
 *    "model":"load","modelVersion":3,"swapEpoch":3,
 *    "input":{"topic":"load.events","partition":0,"offset":42}}
 * </pre>
 *
 * <p>Times are epoch milliseconds. A quantile's field is p and the digits of its level behind the
 * point, two at least: p05, p50, p95, p975. Reading gives back the bits that were written.
 */
public final class PredictionFormat implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long stepMillis;
  private final String[] fields; // [Q]

  /** The format of forecasts with these quantiles on this grid of time. */
  public PredictionFormat(ForecastSpec spec) {
    this.stepMillis = spec.stepMillis();
    this.fields =
        Arrays.stream(spec.quantiles()).mapToObj(PredictionFormat::field).toArray(String[]::new);
  }

  /**
   * The field that holds a quantile.
   *
   * @param level within (0, 1)
   */
  public static String field(double level) {
    String digits = BigDecimal.valueOf(level).stripTrailingZeros().toPlainString().substring(2);
    return digits.length() == 1 ? "p" + digits + "0" : "p" + digits;
  }

  /** A record's value. */
  public byte[] write(Prediction prediction) {
    Forecast forecast = prediction.forecast();
    int horizon = forecast.quantiles().length / fields.length;
    return OutputJson.write(
        256 + horizon * (32 + 16 * fields.length),
        json -> {
          json.writeStringField("entity", prediction.entity());
          json.writeNumberField("time", forecast.origin());
          json.writeNumberField("step", forecast.step());
          targets(json, forecast, horizon);
          json.writeStringField("source", forecast.warmup() ? "warmup" : "model");
          json.writeStringField("model", prediction.model());
          json.writeNumberField("modelVersion", forecast.modelVersion());
          json.writeNumberField("swapEpoch", forecast.swapEpoch());
          OutputJson.position(json, prediction.input());
        });
  }

  private void targets(JsonGenerator json, Forecast forecast, int horizon) throws IOException {
    float[] quantiles = forecast.quantiles();
    json.writeArrayFieldStart("targets");
    for (int h = 0; h < horizon; h++) {
      json.writeStartObject();
      json.writeNumberField("time", forecast.origin() + (h + 1) * stepMillis);
      for (int q = 0; q < fields.length; q++) {
        OutputJson.number(json, fields[q], quantiles[h * fields.length + q]);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /**
   * The prediction in a record's value.
   *
   * @throws IOException if it is none of this format
   */
  public Prediction read(byte[] value) throws IOException {
    String entity = null;
    String model = null;
    InputPosition input = null;
    long time = 0;
    long step = 0;
    long swapEpoch = 0;
    int version = 0;
    boolean warmup = false;
    float[] quantiles = new float[0];
    try (JsonParser json = OutputJson.parser(value)) {
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        json.nextToken();
        switch (name) {
          case "entity" -> entity = json.getText();
          case "time" -> time = json.getLongValue();
          case "step" -> step = json.getLongValue();
          case "targets" -> quantiles = readTargets(json);
          case "source" -> warmup = json.getText().equals("warmup");
          case "model" -> model = json.getText();
          case "modelVersion" -> version = json.getIntValue();
          case "swapEpoch" -> swapEpoch = json.getLongValue();
          case "input" -> input = OutputJson.position(json);
          default -> json.skipChildren();
        }
      }
    }
    if (entity == null || input == null) {
      throw new IOException("not a prediction: 'entity' or 'input' is missing");
    }
    return new Prediction(
        entity, new Forecast(time, step, warmup, version, swapEpoch, quantiles), model, input);
  }

  private float[] readTargets(JsonParser json) throws IOException {
    float[] quantiles = new float[64 * fields.length];
    int count = 0;
    while (json.nextToken() == JsonToken.START_OBJECT) {
      if ((count + 1) * fields.length > quantiles.length) {
        quantiles = Arrays.copyOf(quantiles, 2 * quantiles.length);
      }
      readTarget(json, quantiles, count * fields.length);
      count++;
    }
    return Arrays.copyOf(quantiles, count * fields.length);
  }

  private void readTarget(JsonParser json, float[] quantiles, int from) throws IOException {
    int found = 0;
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      int q = Arrays.asList(fields).indexOf(name);
      if (q >= 0) {
        quantiles[from + q] = OutputJson.floatValue(json);
        found++;
      }
    }
    if (found != fields.length) {
      throw new IOException(
          "a target has " + found + " of the quantiles " + Arrays.toString(fields));
    }
  }
}
