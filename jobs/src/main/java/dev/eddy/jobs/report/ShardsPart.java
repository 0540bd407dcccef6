package dev.eddy.jobs.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;

/** What each shard learned: an odd one has other data than the rest. */
final class ShardsPart {
  /** More rows than this nobody reads. */
  private static final int ROWS = 16;

  /** More dots than this run into one another. */
  private static final int DOTS = 2000;

  private ShardsPart() {}

  static void write(Html page, TrainingReport report) {
    List<ShardTotal> shards = report.shards();
    if (shards.isEmpty()) {
      return;
    }
    page.raw("<section>").element("h2", "What each shard learned");
    page.element(
        "p class=\"hint\"",
        "Training loss of each shard’s last round. A shard far from the others has other data than they have; one with few samples has little.");
    List<ShardTotal> shown = shards;
    if (shards.size() > ROWS) {
      dots(page, shards);
      shown =
          shards.stream()
              .filter(shard -> Double.isFinite(shard.lastLoss()))
              .sorted(Comparator.comparingDouble(ShardTotal::lastLoss).reversed())
              .limit(ROWS)
              .toList();
      page.element(
          "h3",
          "The %d shards of %,d with the highest loss".formatted(shown.size(), shards.size()));
    }
    rows(page, shown);
    dropped(page, shards);
    page.raw("</section>");
  }

  private static void dots(Html page, List<ShardTotal> shards) {
    int every = (shards.size() + DOTS - 1) / DOTS;
    List<Chart.Point> points = new ArrayList<>();
    for (int i = 0; i < shards.size(); i += every) {
      points.add(new Chart.Point(shards.get(i).shard(), shards.get(i).lastLoss()));
    }
    double[] losses =
        points.stream().mapToDouble(Chart.Point::y).filter(Double::isFinite).toArray();
    if (losses.length == 0) {
      return;
    }
    Axis y =
        Axis.spanning(
            DoubleStream.of(losses).min().getAsDouble(),
            DoubleStream.of(losses).max().getAsDouble());
    Axis x = Axis.counting(0, shards.get(shards.size() - 1).shard());
    new Chart(x, y)
        .points("learn", points)
        .into(page, "loss by shard", every == 1 ? "shard" : "every " + every + "th shard", "low");
  }

  private static void rows(Html page, List<ShardTotal> shards) {
    double most =
        shards.stream().mapToDouble(ShardTotal::lastLoss).filter(Double::isFinite).max().orElse(1);
    page.raw("<div class=\"rows\">");
    for (ShardTotal shard : shards) {
      double width =
          Double.isFinite(shard.lastLoss()) && most > 0
              ? Math.max(0, 100 * shard.lastLoss() / most)
              : 0;
      page.raw("<div class=\"row\">")
          .element("span class=\"name\"", "shard " + shard.shard())
          .raw("<span class=\"bar\"><i class=\"learn\" style=\"width:%.2f%%\"></i></span>", width)
          .element("span class=\"value\"", Figures.number(shard.lastLoss()))
          .element(
              "span class=\"delta\"",
              "from %s; %s samples on slot %s, %s"
                  .formatted(
                      Figures.number(shard.firstLoss()),
                      Figures.amount(shard.samples()),
                      shard.slot() < 0 ? Figures.UNKNOWN : Integer.toString(shard.slot()),
                      Figures.duration(shard.seconds())))
          .raw("</div>");
    }
    page.raw("</div>");
  }

  private static void dropped(Html page, List<ShardTotal> shards) {
    List<ShardTotal> late =
        shards.stream()
            .filter(shard -> shard.dropped() > 0)
            .sorted(Comparator.comparingInt(ShardTotal::dropped).reversed())
            .toList();
    if (late.isEmpty()) {
      return;
    }
    page.element("h3", "Dropped as too late").raw("<p>");
    for (int i = 0; i < Math.min(ROWS, late.size()); i++) {
      page.raw(i == 0 ? "" : ", ")
          .text("shard %d: %d×".formatted(late.get(i).shard(), late.get(i).dropped()));
    }
    page.text(late.size() > ROWS ? " and %d more shards".formatted(late.size() - ROWS) : "")
        .raw("</p>");
  }
}
