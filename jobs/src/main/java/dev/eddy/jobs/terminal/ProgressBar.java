package dev.eddy.jobs.terminal;

import dev.eddy.jobs.train.TrainProgress;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows how far long work is: one line redrawn in place where standard error is a terminal, else a
 * plain line every few seconds. Used by one thread at a time.
 */
public final class ProgressBar implements AutoCloseable {
  private static final long PLAIN_MILLIS = 5_000;
  private static final long REDRAW_MILLIS = 100;
  private static final int WIDTH = 24;
  private static final int MIN_WIDTH = 5;
  private static final int WHAT_WIDTH = 10;
  private static final int BRACKETS = 3;

  private final PrintStream err;
  private final boolean terminal;
  private final int columns;
  private final LongSupplier millis;
  private long shownAt = Long.MIN_VALUE;
  private String shownWhat = "";
  private State pending;
  private boolean drawn;

  /**
   * What is shown. A NaN is left out.
   *
   * @param what what is being done
   * @param done steps (rounds) completed
   * @param of steps at most; 0 where nobody knows
   * @param loss training loss
   * @param validationLoss validation loss
   * @param samplesPerSecond targets learned from per second
   * @param secondsLeft estimate
   */
  public record State(
      String what,
      int done,
      int of,
      double loss,
      double validationLoss,
      double samplesPerSecond,
      double secondsLeft) {}

  /**
   * A bar with its surroundings given.
   *
   * @param terminal whether to redraw in place
   * @param columns of the terminal
   * @param millis the clock
   */
  public ProgressBar(PrintStream err, boolean terminal, int columns, LongSupplier millis) {
    this.err = err;
    this.terminal = terminal;
    this.columns = columns;
    this.millis = millis;
  }

  /** A bar on standard error, redrawn in place where that is a terminal. */
  public static ProgressBar on(PrintStream err) {
    return on(err, Terminal.present());
  }

  /**
   * A bar on standard error.
   *
   * @param inPlace whether to redraw it in place
   */
  public static ProgressBar on(PrintStream err, boolean inPlace) {
    return new ProgressBar(err, inPlace, Terminal.columns(), () -> System.nanoTime() / 1_000_000);
  }

  /** Shows how far a training job is, and notes what it has to tell. */
  public void show(TrainProgress progress) {
    if (!progress.message().isEmpty()) {
      note(progress.message());
    }
    boolean training = progress.phase() == TrainProgress.Phase.TRAINING;
    show(
        new State(
            progress.phase().name().toLowerCase(Locale.ROOT),
            progress.round(),
            progress.rounds(),
            progress.loss(),
            progress.validationLoss(),
            progress.samplesPerSecond(),
            training ? progress.secondsLeft() : Double.NaN));
  }

  /**
   * Shows a state, unless one of the same kind was shown a moment ago; then it is kept for {@link
   * #close()}.
   */
  public void show(State state) {
    long now = millis.getAsLong();
    long every = terminal ? REDRAW_MILLIS : PLAIN_MILLIS;
    boolean fresh = !state.what().equals(shownWhat) || now - shownAt >= every;
    if (!fresh) {
      pending = state;
      return;
    }
    draw(state);
    shownAt = now;
    shownWhat = state.what();
  }

  /** A line that stays. */
  public void note(String line) {
    clear();
    err.println(line);
  }

  /** Shows the last state, if it was held back, and ends the line. */
  @Override
  public void close() {
    if (pending != null) {
      draw(pending);
    }
    if (drawn) {
      err.println();
      drawn = false;
    }
    err.flush();
  }

  private void draw(State state) {
    pending = null;
    if (!terminal) {
      err.println(line(state));
      return;
    }
    String line = line(state);
    clear();
    err.print(line.length() < columns ? line : line.substring(0, Math.max(0, columns - 1)));
    err.flush();
    drawn = true;
  }

  private void clear() {
    if (drawn) {
      err.print("\r\033[K");
      drawn = false;
    }
  }

  private String line(State state) {
    String what = String.format(Locale.ROOT, "%-" + WHAT_WIDTH + "s", state.what());
    String figures = figures(state);
    return what + (terminal && state.of() > 0 ? bar(state, figures) : "") + figures;
  }

  /** As long as there is room for beside the figures, which matter more. */
  private String bar(State state, String figures) {
    int room = Math.min(WIDTH, columns - WHAT_WIDTH - figures.length() - BRACKETS - 1);
    if (room < MIN_WIDTH) {
      return "";
    }
    int filled = (int) Math.min(room, (long) room * state.done() / state.of());
    return " [" + "#".repeat(filled) + "-".repeat(room - filled) + "]";
  }

  /** On a terminal in short, so that 80 columns hold them and a bar. */
  private String figures(State state) {
    StringBuilder line = new StringBuilder();
    if (state.of() > 0) {
      line.append(" %d/%d".formatted(state.done(), state.of()));
    }
    append(line, "  loss %.4f", state.loss());
    append(line, terminal ? "  val %.4f" : "  validation %.4f", state.validationLoss());
    if (terminal && state.samplesPerSecond() >= 10_000) {
      append(line, "  %,.0fk samples/s", state.samplesPerSecond() / 1000);
    } else {
      append(line, "  %,.0f samples/s", state.samplesPerSecond());
    }
    if (Double.isFinite(state.secondsLeft())) {
      long seconds = (long) Math.ceil(state.secondsLeft());
      line.append("  %d:%02d left".formatted(seconds / 60, seconds % 60));
    }
    return line.toString();
  }

  private static void append(StringBuilder line, String format, double value) {
    if (Double.isFinite(value)) {
      line.append(String.format(Locale.ROOT, format, value));
    }
  }
}
