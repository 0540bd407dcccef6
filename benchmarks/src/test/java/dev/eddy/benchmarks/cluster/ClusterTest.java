package dev.eddy.benchmarks.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eddy.benchmarks.Bench;
import dev.eddy.benchmarks.run.Contestant;
import dev.eddy.benchmarks.work.Ceiling;
import dev.eddy.benchmarks.work.LstmWeights;
import dev.eddy.benchmarks.work.SeriesWork;
import dev.eddy.jobs.train.RoundReport;
import dev.eddy.jobs.train.TrainResult;
import dev.eddy.model.data.RawSeries;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ClusterTest {
  private static final Setting TINY = new Setting(8, 1, 2, 2, 3, new Meters(16, 700, 1));

  @Test
  @Timeout(120)
  void theWholeJobIsMeasured() throws Exception {
    JobRun run = new JobRun(TINY);
    TrainResult result;
    try (Stage stage = Stage.start(2, TINY.meters())) {
      result = stage.train(TINY, 2, run);
    }
    assertThat(result.rounds()).isEqualTo(TINY.rounds());
    // No sample counts twice, whatever the horizon.
    assertThat(result.samples()).isEqualTo(TINY.samples(TINY.rounds()) * Setting.HORIZON);
    assertThat(run.rate()).isPositive();
    assertThat(run.curve()).hasSize(TINY.rounds());
    assertThat(run.curve()).allMatch(point -> point.seconds() > 0 && point.loss() > 0);
    assertThat(run.curve().get(0).samples()).isZero();
  }

  @Test
  void averagingIsWhatNotEvenTheSlowestSlotComputed() {
    JobRun run = new JobRun(TINY);
    for (double seconds : new double[] {9, 1, 1}) {
      List<RoundReport.Slot> slots =
          List.of(
              new RoundReport.Slot(0, 0.5, 0, 0),
              new RoundReport.Slot(1, seconds == 9 ? 1 : 0.9, 0, 0));
      run.round(new RoundReport("train", 1, 1, 1, 100, seconds, slots, List.of(), List.of()));
    }
    assertThat(run.overhead()).isCloseTo(0.1, within(1e-9));
    assertThat(run.averaging()).isCloseTo(0.1, within(1e-9));
  }

  @Test
  void efficiencyComparesWhatRanInOneSitting() {
    Scaling scaling = new Scaling();
    for (double slow : new double[] {1, 3, 1.1}) {
      for (Scaling.Kind kind : Scaling.Kind.values()) {
        scaling.add(kind, 1, 1000 / slow);
        scaling.add(kind, 2, 1900 / slow);
      }
      scaling.addOverhead(1, 0.01, 0.001);
      scaling.addOverhead(2, 0.04, 0.004);
    }
    assertThat(scaling.efficiency(Scaling.Kind.JOB, 2)).isCloseTo(0.95, within(1e-9));
    String text = ScalingTables.text(TINY, scaling, List.of(1, 2));
    assertThat(text).contains("0.950 (0.9) met", "4.00 % (3) MISSED", "1.00 % (3) met");
    ObjectNode json = ScalingTables.json("./eddy bench cluster", 3, TINY, scaling, List.of(1, 2));
    assertThat(json.at("/rows/1/met").asBoolean()).isTrue();
    assertThat(json.at("/rows/1/averagingShare").asDouble()).isEqualTo(0.04);
    assertThat(json.at("/setting/weightBytes").asLong()).isEqualTo(TINY.weightBytes());
  }

  @Test
  void othersGetTheSameWeightsAndData() {
    SeriesData data = new SeriesData(TINY, TINY.plan());
    SeriesWork work = data.work(1, 10);
    float[] flat = TINY.start();
    LstmWeights lstm = work.lstm();
    // Eddy keeps W as [I][4H], the common form is [4H][I].
    assertThat(lstm.w()[lstm.inputs()]).isEqualTo(flat[1]);
    assertThat(work.bias()).hasSize(Setting.HORIZON);
    assertThat(work.head()[8]).isEqualTo(flat[flat.length - Setting.HORIZON * 9 + 1]);
    assertThat(work.rate().applyAsDouble(0)).isEqualTo(Setting.RATE, within(1e-12));
    assertThat(work.y().get(0)).hasSize(32 * 48 * 24).doesNotContain(Float.NaN);

    SeriesData.HeldOut heldOut = data.heldOut();
    assertThat(heldOut.rows()).isEqualTo(16);
    float[] off = heldOut.y().clone();
    for (int i = 0; i < off.length; i++) {
      off[i] += 1;
    }
    assertThat(heldOut.loss(off)).isCloseTo(0.5, within(1e-4));
  }

  @Test
  void theHistoryHasNoGapsAndIsTheSameForTheSameSeed() {
    List<RawSeries> series = TINY.meters().series();
    assertThat(series).hasSize(16);
    RawSeries one = series.get(2);
    assertThat(one.length()).isEqualTo(700);
    assertThat(one.time(699)).isEqualTo(699 * Meters.HOUR);
    assertThat(one.value(100)).isPositive().isEqualTo(TINY.meters().series().get(2).value(100));
    assertThat(series.get(1).value(100)).isNotEqualTo(one.value(100));
  }

  @Test
  void theLossThatIsAskedForIsThatOfTheSlowest() {
    PeerComparison comparison = new PeerComparison(true);
    comparison.add(Contestant.EDDY, run(300, 0.30, 1, 0.20, 2, 0.10));
    comparison.add(Contestant.DJL, run(150, 0.30, 4, 0.205, 6, 0.19));
    comparison.add(Contestant.DL4J, run(20, 0.30, 40, 0.25, 60, 0.20));
    assertThat(comparison.ratio(Contestant.DJL)).isEqualTo(2);
    assertThat(comparison.asked()).isCloseTo(0.21, within(1e-9));
    assertThat(comparison.seconds(Contestant.EDDY)).isEqualTo(1);
    assertThat(comparison.seconds(Contestant.DJL)).isEqualTo(4);
    assertThat(comparison.seconds(Contestant.DL4J)).isEqualTo(60);
    assertThat(comparison.text()).contains("2.00 (1.5) met", "15.0 (10.0) met");
    assertThat(comparison.json("./eddy bench cluster --peers").at("/rows")).hasSize(3);
  }

  /** A run: the loss before it, then seconds and losses. */
  private static PeerComparison.Run run(double rate, double before, double... secondsAndLoss) {
    List<String> lines = new ArrayList<>(List.of("something that a library prints"));
    lines.add("%s 0.0 0 %s".formatted(PeerProcess.POINT, before));
    for (int i = 0; i < secondsAndLoss.length; i += 2) {
      lines.add(
          "%s %s 100 %s".formatted(PeerProcess.POINT, secondsAndLoss[i], secondsAndLoss[i + 1]));
    }
    lines.add("%s %s".formatted(PeerProcess.RATE, rate));
    return PeerComparison.parse(lines);
  }

  @Test
  void kernelsAreMeasuredWithoutAnythingElse() {
    assertThat(Ceiling.samplesPerSecond(2, 8, 1, 1)).isPositive();
  }

  @Test
  void wrongUsageIsSaidBeforeAnythingRuns() {
    assertThat(usage("--slots", "2,4")).contains("1 among them");
    assertThat(usage("--slots", "1,4", "--shards", "2")).contains("at least as many as slots (4)");
    assertThat(usage("--units", "0")).contains("--units");
    assertThat(usage("--json", "no/such/file.json")).contains("cannot be written");
    assertThat(usage("--peers")).contains("start it with ./eddy");
  }

  private static String usage(String... options) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    List<String> words = new ArrayList<>(List.of("cluster"));
    words.addAll(List.of(options));
    assertThat(Bench.run(words.toArray(String[]::new), stream, stream)).isEqualTo(2);
    return err.toString(StandardCharsets.UTF_8);
  }
}
