package dev.eddy.jobs.report;

import dev.eddy.jobs.train.TrainResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Whether the new model is better: its error beside everybody else's, and what was decided. */
final class GatePart {
  private GatePart() {}

  private record Row(String name, String style, double error, String delta) {}

  static void write(Html page, TrainingReport report, Standing standing) {
    page.raw("<section>").element("h2", "Is the new model better?");
    page.element(
        "p class=\"hint\"",
        "%s on the newest stretch of the data, which neither trained nor chose anything. Lower is better."
            .formatted(standing.metric().toUpperCase(Locale.ROOT)));
    rows(page, standing);
    page.raw("<table class=\"facts\">");
    TrainResult result = report.result();
    fact(page, "Decision", result.reason());
    fact(
        page,
        "Version, swap epoch",
        result.version() + ", " + result.swapEpoch() + (result.published() ? "" : " (not taken)"));
    report.facts().incumbent().forEach((key, value) -> fact(page, "Live model: " + key, value));
    fact(page, "Refit on the newest data", refit(report));
    standing.others().forEach((name, value) -> fact(page, name, Figures.number(value)));
    page.raw("</table></section>");
  }

  private static String refit(TrainingReport report) {
    int rounds =
        report.points().stream()
            .filter(point -> point.stage().equals("refit"))
            .mapToInt(RoundPoint::last)
            .max()
            .orElse(0);
    return rounds == 0 ? "none" : "%d %s".formatted(rounds, rounds == 1 ? "round" : "rounds");
  }

  private static void fact(Html page, String name, String value) {
    page.raw("<tr>").element("th", name).element("td", value).raw("</tr>");
  }

  private static void rows(Html page, Standing standing) {
    List<Row> rows = new ArrayList<>();
    rows.add(new Row("new model", "model", standing.model(), ""));
    for (Standing.Rival rival : standing.rivals()) {
      double better = standing.better(rival);
      String delta = Double.isFinite(better) ? "new is " + Figures.beside(better) : "";
      rows.add(new Row(rival.name(), rival.live() ? "live" : "baseline", rival.error(), delta));
    }
    rows.sort(Comparator.comparingDouble(Row::error)); // NaN last
    double most = rows.stream().mapToDouble(Row::error).filter(Double::isFinite).max().orElse(1);
    page.raw("<div class=\"rows\">");
    for (Row row : rows) {
      String strong = row.style().equals("model") ? " strong" : "";
      double width = Double.isFinite(row.error()) && most > 0 ? 100 * row.error() / most : 0;
      page.raw("<div class=\"row\">")
          .element("span class=\"name" + strong + "\"", row.name())
          .raw(
              "<span class=\"bar\"><i class=\"%s\" style=\"width:%.2f%%\"></i></span>",
              row.style(), width)
          .element("span class=\"value" + strong + "\"", Figures.number(row.error()))
          .element("span class=\"delta\"", row.delta())
          .raw("</div>");
    }
    page.raw("</div>");
  }
}
