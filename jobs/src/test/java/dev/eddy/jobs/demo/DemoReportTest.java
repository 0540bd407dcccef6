package dev.eddy.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eddy.jobs.train.TrainResult;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoReportTest {
  /** The report of a run whose job gave these outputs, by offset, for inputs 0 to 3. */
  private static DemoReport report(int... outputs) {
    Ledger ledger = new Ledger();
    ledger.open(0, 0);
    for (int offset = 0; offset < 4; offset++) {
      ledger.sent(0, offset, 1);
    }
    for (int offset : outputs) {
      ledger.seen(0, offset);
    }
    return new DemoReport(
        "time is up",
        new DemoReport.Run("demo", 3, 7, 60.5),
        List.of(
            new LiveSkill.Skill("model", 0.5, 12.25, 0.9),
            new LiveSkill.Skill("last", Double.NaN, Double.NaN, Double.NaN),
            new LiveSkill.Skill("naive24", 1, 24.5, Double.NaN)),
        96,
        new DemoReport.Scores(96, 12.25, 0.9),
        new DemoReport.Accounts(
            ledger.sent(),
            4,
            outputs.length,
            0,
            0,
            0,
            ledger.lost(),
            ledger.duplicated(),
            ledger.unknown()),
        List.of(new LiveSkill.Version(1, 1, 2, 10), new LiveSkill.Version(2, 2, 2, 20)),
        new DemoReport.Speed(100, 500, 900, 40, 3, 2, -1),
        List.of(
            new DemoReport.Training(
                new TrainResult(true, 1, 1, "better", Map.of("mae", 0.5), 9, 8, 100, 50, 0), 12)),
        null,
        List.of("one note"));
  }

  @Test
  void aRunWhoseAccountsAreSettledIsGood() {
    DemoReport report = report(0, 1, 2, 3);
    assertThat(report.good()).isTrue();
    JsonNode json = report.json();
    assertThat(json.path("ok").asBoolean()).isTrue();
    assertThat(json.path("lost").asLong(-1)).isZero();
    assertThat(json.path("duplicated").asLong(-1)).isZero();
    assertThat(json.path("live").path("model").path("mase").asDouble()).isEqualTo(0.5);
    assertThat(json.path("live").path("last").path("mase").isNull()).isTrue();
    assertThat(json.path("versions")).hasSize(2);
    assertThat(json.path("swaps").asInt()).isEqualTo(1);
    assertThat(json.path("peakMemoryBytes").isNull()).isTrue();
    assertThat(json.path("trainings").get(0).path("gate").path("mae").asDouble()).isEqualTo(0.5);
  }

  @Test
  void aDroppedRecordMakesItBad() {
    DemoReport report = report(0, 1, 3);
    assertThat(report.good()).isFalse();
    assertThat(report.json().path("lost").asLong()).isEqualTo(1);
    assertThat(report.table()).containsPattern("lost +1 ");
  }

  @Test
  void aDoubledRecordMakesItBad() {
    DemoReport report = report(0, 1, 2, 3, 1);
    assertThat(report.good()).isFalse();
    assertThat(report.json().path("duplicated").asLong()).isEqualTo(1);
    assertThat(report.table()).containsPattern("duplicated 1\n");
  }

  @Test
  void anOutputForNothingMakesItBad() {
    DemoReport report = report(0, 1, 2, 3, 9);
    assertThat(report.good()).isFalse();
    assertThat(report.json().path("unknown").asLong()).isEqualTo(1);
    assertThat(report.table()).contains("unknown 1");
  }

  @Test
  void theTableHoldsTheFigures() {
    assertThat(report(0, 1, 2, 3).table())
        .contains(
            "seed 7", "0.500", "90.0 %", "naive, 24 back", "version 2", "one note", "unknown");
  }
}
