package dev.eddy.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.jobs.train.RoundReport;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunLogTest {
  private static TrainingReport end(RunLog log) {
    return log.ended(SampleRun.result(true), SampleRun.END);
  }

  @Test
  void sumsAreThoseOfTheRounds() {
    TrainingReport report = end(SampleRun.log("load", 24, 2));
    assertThat(report.points()).hasSize(25);
    assertThat(report.rounds()).isEqualTo(24);
    assertThat(report.samples()).isEqualTo(24 * 8 * 100);
    assertThat(report.roundSeconds()).isEqualTo(50);
    assertThat(report.time().total()).as("split of the rounds").isCloseTo(50, within());
    assertThat(report.slots()).hasSize(2);
    assertThat(report.slots().get(0).compute()).isGreaterThan(report.slots().get(1).compute());
    assertThat(report.shards()).hasSize(8);
    assertThat(report.shards().get(7).samples()).isEqualTo(2400);
    assertThat(report.shards().get(7).lastLoss())
        .as("not the round that only scores")
        .isBetween(0.2, report.shards().get(7).firstLoss());
    assertThat(report.notes()).isEmpty();
  }

  @Test
  void theBestRoundIsCountedInWeightsNotInReports() {
    RunLog log = new RunLog(SampleRun.header("load"));
    log.round(round(1, 10, 0.5));
    log.round(round(2, 10, 0.3)); // of the weights after round 1
    log.round(round(3, 10, 0.4));
    assertThat(end(log).best()).isEqualTo(new TrainingReport.Best(1, 0.3));
    log.round(round(4, 0, 0.2)); // a round that only scores: of the weights after round 3
    assertThat(end(log).best()).isEqualTo(new TrainingReport.Best(3, 0.2));
    assertThat(end(log).points()).extracting(RoundPoint::scored).containsExactly(0, 1, 2, 3);
  }

  @Test
  void roundsDoneAgainAfterAFailureCountOnce() {
    RunLog log = new RunLog(SampleRun.header("load"));
    List.of(1, 2, 3, 2, 3, 4).forEach(round -> log.round(round(round, 10, 1.0 / round)));
    log.round(round(5, 0, 0.1));
    log.round(round(5, 0, 0.1));
    TrainingReport report = end(log);
    assertThat(report.points()).extracting(RoundPoint::last).containsExactly(1, 2, 3, 4, 4);
    assertThat(report.samples()).isEqualTo(40);
    assertThat(report.notes()).singleElement().asString().contains("3 rounds were done again");
  }

  @Test
  void aRefitIsAStageOfItsOwn() {
    RunLog log = SampleRun.log("load", 5, 2);
    log.round(SampleRun.round("refit", 1, 2, 50));
    log.round(SampleRun.round("refit", 2, 2, 50));
    TrainingReport report = end(log);
    assertThat(report.rounds()).isEqualTo(7);
    assertThat(report.best().round()).as("chosen before the refit").isLessThanOrEqualTo(5);
  }

  @Test
  void roundsBeforeTheRefitDoneAgainAfterItBeganCountOnce() {
    RunLog log = SampleRun.log("load", 5, 2);
    log.round(SampleRun.round("refit", 1, 2, 50));
    log.round(SampleRun.round("train", 5, 2, 50)); // restored from before the refit
    log.round(SampleRun.round("refit", 1, 2, 50));
    log.round(SampleRun.round("refit", 2, 2, 50));
    TrainingReport report = end(log);
    assertThat(report.rounds()).isEqualTo(7);
    assertThat(report.notes()).singleElement().asString().contains("2 rounds were done again");
  }

  @Test
  void longRunsAreThinnedAndSumsKept() {
    TrainingReport report = end(SampleRun.log("load", 5000, 3));
    assertThat(report.points().size()).isLessThanOrEqualTo(RunLog.POINTS + 1);
    assertThat(report.width()).isEqualTo(16);
    assertThat(report.points()).allMatch(point -> point.rounds() <= report.width());
    assertThat(report.rounds()).isEqualTo(5000);
    assertThat(report.samples()).isEqualTo(5000L * 12 * 100);
    assertThat(report.roundSeconds()).isEqualTo(2 * 5001.0);
    RoundPoint first = report.points().get(0);
    assertThat(first.first()).isEqualTo(1);
    assertThat(first.last()).isEqualTo(16);
    assertThat(first.validationLoss()).as("the lowest of the sixteen").isLessThan(0.31);
    assertThat(first.loss()).as("the mean of the sixteen").isGreaterThan(first.validationLoss());
    assertThat(report.best().round()).isEqualTo(17);
    assertThat(report.notes()).singleElement().asString().contains("up to 16 in a row");
  }

  @Test
  void manySlotsAreKeptInTotalOnly() {
    TrainingReport report = end(SampleRun.log("load", 3, 64));
    assertThat(report.slots()).hasSize(64);
    assertThat(report.points()).allMatch(point -> point.slots().isEmpty());
  }

  @Test
  void droppedShardsAreRemembered() {
    RunLog log = new RunLog(SampleRun.header("load"));
    RoundReport whole = round(1, 10, 0.5);
    log.round(whole);
    log.round(
        new RoundReport(
            "train", 2, 0.5, 0.4, 5, 2, whole.slots(), whole.shards().subList(0, 1), List.of(1)));
    TrainingReport report = end(log);
    assertThat(report.shards()).extracting(ShardTotal::dropped).containsExactly(0, 1);
    assertThat(report.notes()).singleElement().asString().contains("1 update of shards");
  }

  @Test
  void shardsWithoutDataAreNoted() {
    RunLog log = new RunLog(SampleRun.header("load"));
    RoundReport whole = round(1, 10, 0.5);
    RoundReport.Shard none = new RoundReport.Shard(1, 0, 0, Double.NaN, 0);
    log.round(
        new RoundReport(
            "train",
            1,
            0.5,
            0.4,
            5,
            2,
            whole.slots(),
            List.of(whole.shards().get(0), none),
            List.of()));
    assertThat(end(log).notes())
        .singleElement()
        .asString()
        .contains("1 of 2 shards had nothing to learn from", "training.shards: 1 would do");
  }

  @Test
  void errorsThatLookAlikeAreCalledTheSame() {
    assertThat(Figures.beside(0.00049)).isEqualTo("the same");
    assertThat(Figures.beside(-0.00049)).isEqualTo("the same");
    assertThat(Figures.beside(0.038)).isEqualTo("3.8 % lower");
    assertThat(Figures.beside(-0.038)).isEqualTo("3.8 % higher");
  }

  @Test
  void timesThatAreNoNumbersCountAsNone() {
    Split split = Split.of(new RoundReport.Slot(0, Double.NaN, -1, Double.POSITIVE_INFINITY));
    assertThat(split).isEqualTo(Split.ZERO);
  }

  private static RoundReport round(int round, long samples, double validationLoss) {
    double loss = samples == 0 ? Double.NaN : 1;
    return new RoundReport(
        "train",
        round,
        loss,
        validationLoss,
        samples,
        2,
        List.of(new RoundReport.Slot(0, 1.5, 0.2, 0.1)),
        List.of(
            new RoundReport.Shard(0, 0, samples / 2, loss, 0.7),
            new RoundReport.Shard(1, 0, samples / 2, loss, 0.7)),
        List.of());
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(1e-9);
  }
}
