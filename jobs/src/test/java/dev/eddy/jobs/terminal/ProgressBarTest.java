package dev.eddy.jobs.terminal;

import static java.lang.Double.NaN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.jobs.train.TrainProgress;
import dev.eddy.jobs.train.TrainProgress.Phase;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What is seen of long work. */
class ProgressBarTest {
  private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(seen, true, StandardCharsets.UTF_8);
  private long now;

  private static ProgressBar.State round(int done) {
    return new ProgressBar.State("training", done, 40, 0.25, 0.5, 12345, 61.5);
  }

  @Test
  void withoutATerminalALineEveryFewSeconds() {
    try (ProgressBar bar = new ProgressBar(err, false, 80, () -> now)) {
      for (int i = 0; i <= 12; i++) {
        now = 1_000L * i;
        bar.show(round(i));
      }
    }
    assertThat(seen.toString(StandardCharsets.UTF_8).lines())
        .extracting(line -> line.replaceAll(".* (\\d+)/40.*", "$1"))
        .containsExactly("0", "5", "10", "12");
    assertThat(seen.toString(StandardCharsets.UTF_8))
        .contains("training   0/40  loss 0.2500  validation 0.5000  12,345 samples/s  1:02 left")
        .doesNotContain("\033", "\r");
  }

  @Test
  void onATerminalOneLineRedrawn() {
    try (ProgressBar bar = new ProgressBar(err, true, 120, () -> now)) {
      bar.show(round(20));
      now = 50;
      bar.show(round(21));
      now = 150;
      bar.show(round(22));
      bar.note("a note");
    }
    String text = seen.toString(StandardCharsets.UTF_8);
    assertThat(text).contains("[############------------] 20/40").contains("22/40");
    assertThat(text).doesNotContain("21/40").contains("\r\033[Ka note\n");
  }

  @Test
  void theBarGivesWayToTheFigures() {
    for (int columns : new int[] {80, 70, 40}) {
      seen.reset();
      try (ProgressBar bar = new ProgressBar(err, true, columns, () -> now)) {
        bar.show(new ProgressBar.State("training", 20, 40, 0.25, 0.5, 1_234_567, 61.5));
      }
      assertThat(seen.toString(StandardCharsets.UTF_8).stripTrailing())
          .isEqualTo(
              switch (columns) {
                case 80 ->
                    "training   [###---] 20/40  loss 0.2500  val 0.5000  1,235k samples/s  1:02 left";
                case 70 -> "training   20/40  loss 0.2500  val 0.5000  1,235k samples/s  1:02 lef";
                default -> "training   20/40  loss 0.2500  val 0.50";
              });
    }
  }

  @Test
  void whatIsNotKnownIsLeftOut() {
    try (ProgressBar bar = new ProgressBar(err, false, 80, () -> now)) {
      bar.show(
          new ProgressBar.State("loading", 0, 0, Double.NaN, Double.NaN, Double.NaN, Double.NaN));
    }
    assertThat(seen.toString(StandardCharsets.UTF_8).strip()).isEqualTo("loading");
  }

  @Test
  void showsATrainingJobPhaseByPhaseAndNotesWhatItTells() {
    try (ProgressBar bar = new ProgressBar(err, false, 80, () -> now)) {
      bar.show(new TrainProgress(Phase.LOADING, 0, 20, NaN, NaN, 0, NaN, NaN, "12 readings"));
      bar.show(new TrainProgress(Phase.TRAINING, 10, 20, 0.1234, 0.2, 9, 5000, 7, ""));
      bar.show(new TrainProgress(Phase.GATE, 20, 20, 0.1, 0.2, 9, 5000, 7, ""));
    }
    assertThat(seen.toString(StandardCharsets.UTF_8).lines().map(String::strip))
        .containsExactly(
            "12 readings",
            "loading    0/20",
            "training   10/20  loss 0.1234  validation 0.2000  5,000 samples/s  0:07 left",
            "gate       20/20  loss 0.1000  validation 0.2000  5,000 samples/s");
  }
}
