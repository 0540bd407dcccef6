package dev.eddy.jobs.demo;

import dev.eddy.jobs.train.TrainProgress;
import java.io.PrintStream;
import java.util.Locale;

/**
 * The first training's progress: a bar that redraws itself on a terminal, else a line every few
 * seconds.
 */
final class TrainingBar {
  private static final int WIDTH = 30;
  private static final long LINE_NANOS = 5_000_000_000L;

  private final PrintStream err;
  private final boolean terminal;
  private TrainProgress shown;
  private long shownAt;

  /**
   * @param err where it is drawn
   * @param terminal whether that is a terminal
   */
  TrainingBar(PrintStream err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  /** Shows how far the run is, where that is news. */
  void show(TrainProgress progress) {
    if (progress == null || progress.equals(shown)) {
      return;
    }
    if (!progress.message().isEmpty()) {
      err.println((terminal ? "\r\033[K" : "") + progress.message());
    }
    boolean change = shown == null || shown.phase() != progress.phase();
    if (terminal) {
      String line = line(progress);
      int width = Math.max(0, View.columns() - 1);
      err.print("\r" + (line.length() <= width ? line : line.substring(0, width)) + "\033[K");
      err.flush();
    } else if (change || System.nanoTime() - shownAt > LINE_NANOS) {
      err.println(line(progress));
      shownAt = System.nanoTime();
    }
    shown = progress;
  }

  /** Leaves the bar as it is and begins a new line. */
  void end() {
    if (terminal && shown != null) {
      err.println();
    }
  }

  /** One line: phase, bar, round, loss, samples per second, time left. */
  static String line(TrainProgress p) {
    if (p.phase() == TrainProgress.Phase.LOADING) {
      return "training: loading the history";
    }
    if (p.phase() == TrainProgress.Phase.GATE) {
      return "training: scoring the best weights beside the baselines";
    }
    int full = p.rounds() == 0 ? WIDTH : Math.min(WIDTH, WIDTH * p.round() / p.rounds());
    String bar = "━".repeat(full) + "╌".repeat(WIDTH - full);
    String text =
        String.format(Locale.ROOT, "training %s round %d of %d", bar, p.round(), p.rounds());
    if (Double.isNaN(p.loss())) {
      return text;
    }
    return text
        + String.format(
            Locale.ROOT,
            "  loss %.4f  validation %.4f (best %d)  %,.0f samples/s  %.0f s left",
            p.loss(),
            p.validationLoss(),
            p.bestRound(),
            p.samplesPerSecond(),
            Double.isNaN(p.secondsLeft()) ? 0 : p.secondsLeft());
  }
}
