package dev.eddy.jobs.demo;

import dev.eddy.jobs.terminal.Terminal;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the user sees while the stream runs. Used by one thread. */
abstract class View {
  final PrintStream err;

  private View(PrintStream err) {
    this.err = err;
  }

  /**
   * A screen that redraws itself where there is a terminal and nobody asked for plain lines, else
   * plain lines.
   */
  static View of(PrintStream err, boolean headless) {
    if (headless || !Terminal.present()) {
      return new Lines(err);
    }
    String noColor = System.getenv("NO_COLOR");
    return screen(err, noColor == null || noColor.isEmpty(), Terminal.columns());
  }

  /** The screen itself, with or without colours. */
  static View screen(PrintStream err, boolean color, int columns) {
    return new Screen(err, color, columns);
  }

  /** Milliseconds between two looks. */
  abstract long everyMillis();

  /** Shows how the run is doing now. */
  abstract void show(Glance glance);

  static String figure(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.3f", value);
  }

  private static String millis(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%,.0f ms", value);
  }

  private static String version(Glance g) {
    if (g.versions().isEmpty()) {
      return "none yet";
    }
    LiveSkill.Version newest = g.versions().get(g.versions().size() - 1);
    int swaps = g.versions().size() - 1;
    return "version "
        + newest.version()
        + (swaps == 0 ? "" : ", " + swaps + (swaps == 1 ? " swap" : " swaps"));
  }

  private static String clock(Glance g) {
    if (Double.isNaN(g.seconds())) {
      return "warming up";
    }
    String now = String.format(Locale.ROOT, "%.0f s", g.seconds());
    return g.secondsWanted() == 0 ? now : now + " of " + g.secondsWanted() + " s";
  }

  /** One line every few seconds. */
  private static final class Lines extends View {
    Lines(PrintStream err) {
      super(err);
    }

    @Override
    long everyMillis() {
      return 5000;
    }

    @Override
    void show(Glance g) {
      StringBuilder line = new StringBuilder();
      line.append(
          String.format(
              Locale.ROOT,
              "[%s] %,.0f events/s, %,d settled, %,d open, p50 %s, p99 %s, MASE",
              clock(g),
              g.eventsPerSecond(),
              g.settled(),
              g.open(),
              millis(g.p50Millis()),
              millis(g.p99Millis())));
      for (LiveSkill.Skill skill : g.skills()) {
        line.append(' ').append(skill.name()).append(' ').append(figure(skill.mase()));
      }
      line.append(", ").append(version(g));
      if (!g.training().isEmpty()) {
        line.append("; ").append(g.training());
      }
      err.println(line);
    }
  }

  /** A few lines, redrawn in place. */
  private static final class Screen extends View {
    private static final String BARS = "▁▂▃▄▅▆▇█";
    private static final int SPARKS = 48;
    private final boolean color;
    private final int columns;
    private int drawn;

    Screen(PrintStream err, boolean color, int columns) {
      super(err);
      this.columns = columns;
      this.color = color;
    }

    @Override
    long everyMillis() {
      return 250;
    }

    @Override
    void show(Glance g) {
      List<String> lines = lines(g);
      StringBuilder screen = new StringBuilder();
      if (drawn > 0) {
        screen.append("\033[").append(drawn).append('A');
      }
      for (String line : lines) {
        screen.append('\r').append(line).append("\033[K\n");
      }
      screen.append("\033[J");
      drawn = lines.size();
      err.print(screen);
      err.flush();
    }

    private List<String> lines(Glance g) {
      List<String> lines = new ArrayList<>();
      lines.add("");
      lines.add(paint("1", " Eddy  " + g.title() + "   " + clock(g)));
      lines.add(
          paint(
              "",
              String.format(
                  Locale.ROOT,
                  " stream     %,9.0f events/s   %,d settled   %,d open   %,d late   %,d dead letters",
                  g.eventsPerSecond(),
                  g.settled(),
                  g.open(),
                  g.late(),
                  g.deadLetters())));
      lines.add(
          paint(
              "",
              String.format(
                  Locale.ROOT,
                  " latency    p50 %s   p99 %s   from sent to committed and read",
                  millis(g.p50Millis()),
                  millis(g.p99Millis()))));
      lines.add(paint("", " error      MASE so far, and along event time"));
      double top = top(g);
      for (int i = 0; i < g.skills().size(); i++) {
        if (i != 1) {
          LiveSkill.Skill skill = g.skills().get(i);
          String text =
              String.format(
                  Locale.ROOT,
                  "   %-16s %6s  %s",
                  DemoReport.name(skill.name()),
                  figure(skill.mase()),
                  spark(g, i, top));
          lines.add(i == 0 ? paint("1;34", text) : paint("2", text));
        }
      }
      lines.add(paint("35", " model      " + version(g)));
      lines.add(paint("", " training   " + (g.training().isEmpty() ? "-" : g.training())));
      lines.add(paint("", " web UI     " + g.web()));
      lines.add("");
      return lines;
    }

    private static double top(Glance g) {
      double top = 0;
      for (LiveSkill.Stretch stretch : recent(g)) {
        for (int i = 0; i < stretch.errors().length; i++) {
          top = i == 1 ? top : Math.max(top, stretch.errors()[i]);
        }
      }
      return top;
    }

    private static List<LiveSkill.Stretch> recent(Glance g) {
      List<LiveSkill.Stretch> all = g.stretches().stream().filter(s -> s.count() > 0).toList();
      return all.subList(Math.max(0, all.size() - SPARKS), all.size());
    }

    private static String spark(Glance g, int i, double top) {
      StringBuilder bars = new StringBuilder();
      for (LiveSkill.Stretch stretch : recent(g)) {
        double share = top > 0 ? stretch.errors()[i] / top : 0;
        bars.append(BARS.charAt((int) Math.min(7, Math.floor(8 * share))));
      }
      return bars.toString();
    }

    /** One line of the screen, cut to its width: a line that wraps would spoil the redrawing. */
    private String paint(String code, String text) {
      String cut = text.length() < columns ? text : text.substring(0, Math.max(0, columns - 1));
      return color && !code.isEmpty() ? "\033[" + code + "m" + cut + "\033[0m" : cut;
    }
  }
}
