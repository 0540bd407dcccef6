package dev.eddy.jobs.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Where the time went: in total, by round, by slot. */
final class TimePart {
  /** More rows than this nobody reads. */
  private static final int ROWS = 12;

  /** Up to so many points are told apart by gaps. */
  private static final int BARS = 100;

  /** Shares from which on there is something to be done about it. */
  private static final double MUCH_IDLE = 0.15;

  private static final double MUCH_TRANSFER = 0.1;

  private TimePart() {}

  private record Part(String style, String name, ToDoubleFunction<Split> seconds) {}

  private static final List<Part> PARTS =
      List.of(
          new Part("compute", "computing", Split::compute),
          new Part("transfer", "messages and averaging", Split::transfer),
          new Part("idle", "waiting for slower slots", Split::idle));

  static void write(Html page, TrainingReport report) {
    Split total = report.time();
    page.raw("<section>").element("h2", "Where the time went");
    if (total.total() <= 0) {
      page.element("p", "No round tells its times.").raw("</section>");
      return;
    }
    double rounds = report.roundSeconds();
    page.element(
        "p class=\"hint\"",
        "%s in rounds, %s in all: the rest is starting, loading the history, the gate and publishing."
            .formatted(Figures.duration(rounds), Figures.duration(report.seconds())));
    bar(page, total, total.total(), "bar big");
    legend(page, total);
    advice(page, report, total);
    page.element("h3", "By round, mean over the slots");
    chart(report.points(), RoundPoint::time)
        .into(
            page,
            "seconds of each round, split",
            "round; height in seconds; a bar after the last round only scores",
            "low");
    if (report.slots().size() > 1) {
      slots(page, report);
    }
    page.raw("</section>");
  }

  private static void advice(Html page, TrainingReport report, Split total) {
    if (report.slots().size() > 1 && total.idle() > MUCH_IDLE * total.total()) {
      int slowest =
          report.slots().entrySet().stream()
              .min(Comparator.comparingDouble(slot -> slot.getValue().idle()))
              .orElseThrow()
              .getKey();
      page.element(
          "p class=\"note\"",
          "Slots waited for the slowest one (slot %d waited least). A number of shards that the slots divide, or more and smaller shards, spreads the work more evenly."
              .formatted(slowest));
    }
    if (total.transfer() > MUCH_TRANSFER * total.total()) {
      page.element(
          "p class=\"note\"",
          "Messages and averaging cost %s of the time. More training.local-steps between two averagings make it rarer."
              .formatted(Figures.percent(total.transfer() / total.total())));
    }
  }

  private static void bar(Html page, Split split, double whole, String style) {
    page.raw("<div class=\"" + style + "\">");
    for (Part part : PARTS) {
      page.raw(
          "<i class=\"%s\" style=\"width:%.2f%%\"></i>",
          part.style(), 100 * part.seconds().applyAsDouble(split) / whole);
    }
    page.raw("</div>");
  }

  private static void legend(Html page, Split total) {
    page.raw("<ul class=\"legend\">");
    for (Part part : PARTS) {
      double seconds = part.seconds().applyAsDouble(total);
      page.raw("<li><i class=\"" + part.style() + "\"></i>")
          .text(
              "%s %s (%s)"
                  .formatted(
                      part.name(),
                      Figures.percent(seconds / total.total()),
                      Figures.duration(seconds)))
          .raw("</li>");
    }
    page.raw("</ul>");
  }

  /** Stacked along the rounds; of rounds put together the mean. */
  private static Chart chart(List<RoundPoint> points, Function<RoundPoint, Split> of) {
    int rounds = points.stream().mapToInt(RoundPoint::rounds).sum();
    double most =
        points.stream().mapToDouble(p -> of.apply(p).total() / p.rounds()).max().orElse(0);
    Chart chart = new Chart(Axis.counting(0.5, rounds + 0.5), Axis.upTo(most));
    double[] floor = new double[points.size()];
    for (Part part : PARTS) {
      List<Chart.Area> areas = new ArrayList<>();
      double at = 0.5; // a bar stands above the number of its round
      double gap = points.size() <= BARS ? 0.12 : 0; // bars where there is room for bars
      for (int i = 0; i < points.size(); i++) {
        RoundPoint point = points.get(i);
        double height = part.seconds().applyAsDouble(of.apply(point)) / point.rounds();
        areas.add(new Chart.Area(at + gap, at + point.rounds() - gap, floor[i], floor[i] + height));
        floor[i] += height;
        at += point.rounds();
      }
      chart.areas(part.style(), areas);
    }
    return chart;
  }

  private static void slots(Html page, TrainingReport report) {
    List<Map.Entry<Integer, Split>> shown =
        report.slots().entrySet().stream()
            .sorted(Comparator.comparingDouble(slot -> slot.getValue().idle()))
            .limit(ROWS)
            .sorted(Map.Entry.comparingByKey())
            .toList();
    boolean all = shown.size() == report.slots().size();
    page.element(
        "h3",
        all
            ? "By slot"
            : "The %d slots of %d that waited least".formatted(ROWS, report.slots().size()));
    double longest =
        shown.stream().mapToDouble(slot -> slot.getValue().total()).max().orElseThrow();
    page.raw("<div class=\"rows\">");
    for (Map.Entry<Integer, Split> slot : shown) {
      Split split = slot.getValue();
      page.raw("<div class=\"row\">").element("span class=\"name\"", "slot " + slot.getKey());
      bar(page, split, longest, "bar");
      page.element("span class=\"value\"", Figures.percent(split.compute() / split.total()))
          .element(
              "span class=\"delta\"",
              String.format(Locale.ROOT, "computing, %s waiting", Figures.duration(split.idle())))
          .raw("</div>");
    }
    page.raw("</div>");
    int each = report.points().get(report.points().size() - 1).slots().size();
    boolean throughout = report.points().stream().allMatch(point -> point.slots().size() == each);
    if (each > 1 && throughout) {
      page.raw("<div class=\"small-charts\">");
      for (int slot = 0; slot < each; slot++) {
        int index = slot;
        page.raw("<div>").element("h3", "slot " + slot + ", seconds by round");
        chart(report.points(), point -> point.slots().get(index))
            .into(page, "seconds of each round on slot " + slot, "", "small");
        page.raw("</div>");
      }
      page.raw("</div>");
    }
  }
}
