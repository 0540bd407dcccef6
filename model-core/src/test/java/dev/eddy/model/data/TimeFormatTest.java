package dev.eddy.model.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeFormatTest {
  @ParameterizedTest
  @CsvSource({
    "epoch-millis, UTC, -5, -5",
    "epoch-seconds, UTC, 12, 12000",
    "epoch-seconds, UTC, 1.2345, 1234",
    "iso, UTC, 1970-01-02, 86400000",
    "iso, Europe/Zurich, 1970-01-01T01:00, 0",
    "iso, Europe/Zurich, 1970-01-01T01:00:00Z, 3600000",
    "iso, Europe/Zurich, 1970-01-01T01:00Z, 3600000",
    "iso, UTC, 1970-01-01T01:00+01:00, 0",
    "iso, UTC, 1970-01-01 01:00:00+02:00, -3600000",
    "yyyy-MM-dd HH:mm:ss, UTC, 1970-01-01 00:00:07, 7000",
    "yyyy-MM-dd HH:mm:ss, Europe/Zurich, 1970-01-01 01:00:00, 0",
    "dd.MM.yyyy, UTC, 02.01.1970, 86400000"
  })
  void parses(String format, String zone, String text, long millis) {
    assertThat(TimeFormat.of(format, zone).parse(text)).isEqualTo(millis);
  }

  @ParameterizedTest
  @CsvSource({
    "epoch-millis, 1.5",
    "epoch-seconds, 1e400",
    "epoch-seconds, 1e999999999",
    "epoch-seconds, 1e-999999999",
    "iso, 1970-13-01",
    "iso, x",
    "yyyy-MM-dd, 1970"
  })
  void refuses(String format, String text) {
    assertThatThrownBy(() -> TimeFormat.of(format, "UTC").parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "' is not a time of format " + format);
  }

  @Test
  void refusesUnknownFormatsAndZones() {
    assertThatThrownBy(() -> TimeFormat.of("iso", "Mars"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Mars");
    assertThatThrownBy(() -> TimeFormat.of("nonsense{", "UTC"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nonsense{");
  }
}
