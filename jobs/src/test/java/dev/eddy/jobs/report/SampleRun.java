package dev.eddy.jobs.report;

import dev.eddy.jobs.train.RoundReport;
import dev.eddy.jobs.train.RunHeader;
import dev.eddy.jobs.train.TrainProgress;
import dev.eddy.jobs.train.TrainResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Made-up runs: losses that fall and then rise a little, slots of unequal speed. */
final class SampleRun {
  static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
  static final Instant END = START.plusSeconds(95);

  private SampleRun() {}

  static RunHeader header(String name) {
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("name", name);
    configuration.put("training.shards", "4");
    configuration.put("training.margin", "0.0");
    return new RunHeader(
        "6f1c",
        name,
        START.toEpochMilli(),
        configuration,
        Map.of("data.hash", "9a41"),
        Map.of("version", "6"),
        Map.of("eddy", "0.1.0"),
        List.of(new RunHeader.Slot(0, "host-a", "vector")));
  }

  /** A log of so many rounds on slots, four shards a slot, and at the end one that only scores. */
  static RunLog log(String name, int rounds, int slots) {
    RunLog log = new RunLog(header(name));
    log.progress(
        new TrainProgress(
            TrainProgress.Phase.TRAINING, 0, rounds, Double.NaN, Double.NaN, 0, 0, 0, ""));
    for (int round = 1; round <= rounds; round++) {
      log.round(round("train", round, slots, 100));
    }
    RoundReport scoring = round("train", rounds + 1, slots, 0);
    log.round(scoring);
    return log;
  }

  static RoundReport round(String stage, int round, int slots, long samples) {
    double loss = 0.2 + 0.6 / round + (samples == 0 ? 0 : noise(round));
    double validation = 0.25 + 0.5 / round + 0.0015 * round;
    List<RoundReport.Slot> times = new ArrayList<>();
    List<RoundReport.Shard> shards = new ArrayList<>();
    for (int slot = 0; slot < slots; slot++) {
      double compute = 1.5 - (slot % 3) * 0.2 + noise(round * 31 + slot);
      times.add(new RoundReport.Slot(slot, compute, 0.06, 1.94 - compute));
      for (int i = 0; i < 4; i++) {
        int shard = slot * 4 + i;
        shards.add(
            new RoundReport.Shard(
                shard,
                slot,
                samples,
                samples == 0 ? Double.NaN : loss + noise(shard),
                compute / 4));
      }
    }
    return new RoundReport(
        stage,
        round,
        samples == 0 ? Double.NaN : loss,
        validation,
        samples * shards.size(),
        2,
        times,
        shards,
        List.of());
  }

  static TrainResult result(boolean published) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("mase", published ? 0.669 : 0.91);
    metrics.put("mase-live", 0.6951);
    metrics.put("mase-last", 2.31);
    metrics.put("mase-naive-24", 1.013);
    metrics.put("mase-naive-168", 0.888);
    metrics.put("coverage@90", 0.893);
    metrics.put("pinball", 0.2104);
    return new TrainResult(
        published,
        7,
        12,
        published
            ? "published: MASE 0.6690 against 0.8880 of the best baseline (naive-168): -24.7 %"
            : "refused: MASE 0.9100 against 0.8880 of the best baseline (naive-168): +2.5 %",
        metrics,
        24,
        17,
        192_000,
        23_000,
        0);
  }

  private static double noise(int i) {
    return ((i * 7919L + 104_729) * 2_654_435_761L >>> 16) % 1000 / 25_000.0;
  }
}
