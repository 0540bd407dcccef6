package dev.eddy.jobs.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.jobs.config.ConfigLoader;
import dev.eddy.model.kernel.Rng;
import dev.eddy.model.task.forecast.Forecast;
import dev.eddy.model.task.forecast.ForecastSpec;
import dev.eddy.model.task.forecast.Score;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The records that users read: exactly as documented, and bit for bit what was forecast. */
class OutputFormatTest {
  private static final InputPosition POSITION = new InputPosition("load.events", 2, 42);
  private static final ForecastSpec SPEC =
      ConfigLoader.parse("name: load\nnetwork: []\n", "forecast.horizon=2").forecast();

  @Test
  void writesPredictionsAsDocumented() {
    Forecast forecast =
        new Forecast(
            1_700_000_000_000L, 17, false, 3, 4, new float[] {1.2f, 1.5f, 2, -1, 0, 1e-7f});
    byte[] written =
        new PredictionFormat(SPEC).write(new Prediction("m\"1", forecast, "load", POSITION));
    assertThat(new String(written, UTF_8))
        .isEqualTo(
            ("{`entity`:`m\\`1`,`time`:1700000000000,`step`:17,`targets`:["
                    + "{`time`:1700003600000,`p05`:1.2,`p50`:1.5,`p95`:2.0},"
                    + "{`time`:1700007200000,`p05`:-1.0,`p50`:0.0,`p95`:1.0E-7}],"
                    + "`source`:`model`,`model`:`load`,`modelVersion`:3,`swapEpoch`:4,"
                    + "`input`:{`topic`:`load.events`,`partition`:2,`offset`:42}}")
                .replace('`', '"'));
  }

  @Test
  void writesAnEntityThatIsNoProperText() throws IOException {
    PredictionFormat format = new PredictionFormat(SPEC);
    Forecast forecast = new Forecast(1, 1, true, 1, 1, new float[6]);
    Prediction odd = new Prediction("m\ud800\u0000", forecast, "load", POSITION);
    assertThat(format.read(format.write(odd)).entity()).isEqualTo(odd.entity());
  }

  @Test
  void readsBackTheBitsOfEveryFloat() throws IOException {
    PredictionFormat format = new PredictionFormat(SPEC);
    long seed = Long.getLong("seed", 20_260_102);
    Rng rng = new Rng(seed);
    for (int i = 0; i < 5_000; i++) {
      float[] quantiles = new float[6];
      for (int j = 0; j < quantiles.length; j++) {
        float any = Float.intBitsToFloat((int) rng.nextLong());
        quantiles[j] = Float.isFinite(any) ? any : 0;
      }
      Prediction prediction =
          new Prediction("m", new Forecast(i, i, i % 2 == 0, i, i, quantiles), "load", POSITION);
      Prediction read = format.read(format.write(prediction));
      assertThat(read).as("seed %d", seed).usingRecursiveComparison().isEqualTo(prediction);
      for (int j = 0; j < quantiles.length; j++) {
        assertThat(Float.floatToRawIntBits(read.forecast().quantiles()[j]))
            .as("seed %d, %s", seed, quantiles[j])
            .isEqualTo(Float.floatToRawIntBits(quantiles[j]));
      }
    }
  }

  @Test
  void writesNoNaN() throws IOException {
    float[] quantiles = {1, Float.NaN, Float.POSITIVE_INFINITY, 1, 2, 3};
    Prediction prediction =
        new Prediction("m", new Forecast(0, 1, true, 1, 1, quantiles), "load", POSITION);
    String text = new String(new PredictionFormat(SPEC).write(prediction), UTF_8);
    assertThat(text)
        .contains("\"p50\":null,\"p95\":null")
        .contains("\"source\":\"warmup\"")
        .doesNotContain("NaN", "Inf");
    assertThat(new PredictionFormat(SPEC).read(text.getBytes(UTF_8)).forecast().quantiles()[1])
        .isNaN();
  }

  @ParameterizedTest
  @CsvSource({
    "0.05,p05",
    "0.5,p50",
    "0.95,p95",
    "0.1,p10",
    "0.975,p975",
    "0.025,p025",
    "0.005,p005"
  })
  void namesQuantiles(double level, String field) {
    assertThat(PredictionFormat.field(level)).isEqualTo(field);
  }

  @Test
  void readsNoOtherQuantiles() {
    String text = "{\"entity\":\"m\",\"targets\":[{\"p50\":1}],\"input\":{}}";
    assertThatThrownBy(() -> new PredictionFormat(SPEC).read(text.getBytes(UTF_8)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("p05");
  }

  @Test
  void writesAndReadsScores() throws IOException {
    LiveScore live =
        new LiveScore(
            "m",
            5,
            new Score(1, true, 2, 24, 0.1, 1d / 3, new double[] {0.3, Double.NaN}, 0.9, 1e-9));
    byte[] written = ScoreFormat.write(live);
    assertThat(new String(written, UTF_8))
        .startsWith(
            "{\"entity\":\"m\",\"time\":5,\"origin\":1,\"warmup\":true,\"modelVersion\":2,\"count\":24,\"mae\":0.1,")
        .contains("\"seasonMae\":[0.3,null]");
    assertThat(ScoreFormat.read(written))
        .usingRecursiveComparison()
        .withEqualsForType(Double::equals, Double.class)
        .isEqualTo(live);
  }

  @Test
  void writesLateEvents() {
    LateEvent late = new LateEvent(new Parsed.Event("m", 1, Double.NaN, POSITION), 2);
    assertThat(new String(LateFormat.write(late), UTF_8))
        .isEqualTo(
            ("{`entity`:`m`,`time`:1,`value`:null,`lastTime`:2,"
                    + "`input`:{`topic`:`load.events`,`partition`:2,`offset`:42}}")
                .replace('`', '"'));
  }

  @Test
  void readsManyTargets() throws IOException {
    float[] quantiles = new float[3 * 200];
    for (int i = 0; i < quantiles.length; i++) {
      quantiles[i] = i;
    }
    Prediction prediction =
        new Prediction("m", new Forecast(0, 1, false, 1, 1, quantiles), "load", POSITION);
    PredictionFormat format = new PredictionFormat(SPEC);
    assertThat(format.read(format.write(prediction)).forecast().quantiles()).isEqualTo(quantiles);
  }
}
