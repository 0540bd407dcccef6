package dev.eddy.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eddy.benchmarks.work.Sample;
import dev.eddy.benchmarks.work.StepWork;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutcomeTest {
  private static final Row STEP = Row.step(new StepWork(64, 8, 32), 1.2, 4, 20);

  private static List<Sample> samples(long... nanoseconds) {
    return Arrays.stream(nanoseconds).mapToObj(n -> new Sample(1, n, n, 2 * n, 8)).toList();
  }

  private static Outcome outcome(Row row) {
    Map<Contestant, List<Sample>> sitting = new EnumMap<>(Contestant.class);
    // In the second round the machine was three times as slow for everybody.
    sitting.put(Contestant.EDDY, samples(10_000, 30_000, 11_000));
    sitting.put(Contestant.PORTABLE, samples(40_000, 120_000, 44_000));
    sitting.put(Contestant.PEAK, samples(5_000, 15_000, 5_500));
    sitting.put(Contestant.ONNX_RUNTIME, samples(12_500, 37_500, 13_750));
    sitting.put(Contestant.DJL, samples(30_000, 90_000, 33_000));
    Outcome outcome = new Outcome(row);
    outcome.add(sitting);
    return outcome;
  }

  @Test
  void aRatioComparesWhatRanTogether() {
    Outcome outcome = outcome(STEP);
    assertThat(outcome.time(Contestant.EDDY)).isEqualTo(11_000);
    assertThat(outcome.ratio(Contestant.ONNX_RUNTIME, 0.5)).isCloseTo(1.25, within(1e-9));
    assertThat(outcome.ratio(Contestant.ONNX_RUNTIME, 1)).isCloseTo(1.25, within(1e-9));
    assertThat(outcome.peak()).isCloseTo(1e6 / 5_500, within(1e-9));
    assertThat(outcome.shareOfPeak(Contestant.EDDY))
        .isCloseTo(STEP.flops() / 11_000 / (1e6 / 5_500), within(1e-9));
  }

  @Test
  void sittingsAddUp() {
    Outcome outcome = outcome(STEP);
    outcome.add(Map.of(Contestant.EDDY, samples(9_000, 9_500)));
    assertThat(outcome.time(Contestant.EDDY)).isEqualTo(10_000);
  }

  @Test
  void barsArePassedOrMissed() {
    Outcome outcome = outcome(STEP);
    assertThat(outcome.met(Contestant.ONNX_RUNTIME)).isTrue(); // 1.25 of at least 1.2
    assertThat(outcome.met(Contestant.DJL)).isFalse(); // 3 of at least 4
    assertThat(outcome.met(Contestant.PORTABLE)).isFalse(); // 4 of at most 3
    assertThat(outcome(Row.step(new StepWork(64, 8, 1), 4, 50, 250)).bar(Contestant.PORTABLE))
        .isNaN();
  }

  @Test
  void severalThreadsAreTimedOnTheWall() {
    Row two = Row.train(25).get(2);
    assertThat(two.threads()).isEqualTo(2);
    assertThat(outcome(two).time(Contestant.EDDY)).isEqualTo(22_000);
  }

  @Test
  void barsOfTrainingDependOnTheJdk() {
    assertThat(Row.train(17).get(0).bars())
        .containsEntry(Contestant.DJL, 1.2)
        .containsEntry(Contestant.DL4J, 8.0);
    assertThat(Row.train(25).get(0).bars())
        .containsEntry(Contestant.DJL, 2.0)
        .containsEntry(Contestant.DL4J, 15.0);
    assertThat(Row.train(25).get(0).contestants(true))
        .containsExactly(Contestant.EDDY, Contestant.PEAK, Contestant.DJL, Contestant.DL4J);
  }

  @Test
  void theTableIsForPeople() {
    String[] lines = TextTable.of(List.of(outcome(STEP))).split("\n");
    assertThat(lines[1]).contains("work", "Eddy", "of peak", "ONNX Runtime", "DJL-PyTorch");
    assertThat(lines[2])
        .contains("H=64 I=8 B=32", "11.0", "4.00 (3) MISSED", "1.25 (1.2) met", "3.00 (4) MISSED");
    assertThat(lines[1]).hasSameSizeAs(lines[2]);
    assertThat(TextTable.of(List.of())).isEmpty();
  }

  @Test
  void theReportIsForMachines() throws Exception {
    Map<String, Plan> plans = Map.of("step", Plan.of("step", true));
    JsonNode report =
        new ObjectMapper().readTree(Report.of("./eddy bench step", plans, List.of(outcome(STEP))));
    assertThat(report.at("/command").asText()).isEqualTo("./eddy bench step");
    assertThat(report.at("/machine/jdk").asText())
        .isEqualTo(System.getProperty("java.runtime.version"));
    assertThat(report.at("/plans/step/sittings").asInt()).isEqualTo(1);
    JsonNode row = report.at("/rows/0");
    assertThat(row.at("/batch").asInt()).isEqualTo(32);
    assertThat(row.at("/results/0/name").asText()).isEqualTo("eddy");
    assertThat(row.at("/results/0/allocatedBytes").asDouble()).isEqualTo(8);
    assertThat(row.at("/results/2/ratio").asDouble()).isEqualTo(1.25);
    assertThat(row.at("/results/2/atLeast").asDouble()).isEqualTo(1.2);
    assertThat(row.at("/results/2/met").asBoolean()).isTrue();
    assertThat(row.at("/results/1/atMost").asDouble()).isEqualTo(3);
  }

  @Test
  void versionsAreReadOffTheClassPath() {
    assertThat(
            Report.versions(
                "/x/benchmarks-0.1.jar:/lib/onnxruntime-1.29.0.jar:/lib/pytorch-native-cpu-2.7.1-linux-x86_64.jar"
                    + ":/lib/nd4j-native-preset-1.0.0.jar"))
        .containsEntry("onnxruntime", "1.29.0")
        .containsEntry("pytorch-native-cpu", "2.7.1")
        .containsKeys("eddy", "commit")
        .hasSize(4);
  }

  @Test
  void quantiles() {
    double[] values = {3, 1, 2, 4};
    assertThat(Quantiles.of(values, 0)).isEqualTo(1);
    assertThat(Quantiles.of(values, 0.5)).isEqualTo(2.5);
    assertThat(Quantiles.of(values, 1)).isEqualTo(4);
    assertThat(values).containsExactly(3, 1, 2, 4);
    assertThatThrownBy(() -> Quantiles.of(new double[0], 0.5)).hasMessageContaining("0 values");
  }
}
