package dev.eddy.jobs.report;

import dev.eddy.jobs.train.RunHeader;
import dev.eddy.jobs.train.TrainResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A report for people: one page, first what came of the run, then why, then where its time went and
 * what it was made of. The larger parts have classes of their own.
 */
final class ReportPage {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm:ss 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final TrainingReport report;
  private final Standing standing;
  private final Html page = new Html();

  private ReportPage(TrainingReport report) {
    this.report = report;
    this.standing = report.result() == null ? null : Standing.of(report.result().metrics());
  }

  static String text(TrainingReport report) {
    return new ReportPage(report).write();
  }

  private String write() {
    String title = report.facts().pipeline() + ": training run " + report.outcome().word();
    page.raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>")
        .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>")
        .element("title", title)
        .raw("<style>\n" + style() + "</style></head>\n<body><main>");
    head();
    tiles();
    if (standing != null) {
      GatePart.write(page, report, standing);
    }
    if (!report.points().isEmpty()) {
      LearningPart.write(page, report);
      TimePart.write(page, report);
      ShardsPart.write(page, report);
    }
    facts();
    page.raw("<footer>run ")
        .text(report.facts().run())
        .raw(". The same for machines: report.json beside this page.</footer>");
    return page.raw("</main></body></html>\n").toString();
  }

  private static String style() {
    try (InputStream css = ReportPage.class.getResourceAsStream("report.css")) {
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("report.css cannot be read from the jar", e);
    }
  }

  private void head() {
    page.raw("<header><p class=\"over\">Training run, ")
        .text(TIME.format(report.started()))
        .raw("</p><h1>")
        .text(report.facts().pipeline())
        .raw("<span class=\"badge " + report.outcome().word() + "\">")
        .text(badge())
        .raw("</span></h1>")
        .element("p class=\"lead\"", verdict());
    if (report.result() == null && !report.reason().isEmpty()) {
      page.element("p class=\"hint\"", report.reason());
    }
    report.notes().forEach(note -> page.element("p class=\"note\"", note));
    page.raw("</header>");
  }

  private String badge() {
    return report.result() == null
        ? report.outcome().word()
        : "version " + report.result().version() + " " + report.outcome().word();
  }

  /** The whole report in two sentences. */
  private String verdict() {
    String so =
        switch (report.outcome()) {
          case PUBLISHED ->
              "Version %d is published and live.".formatted(report.result().version());
          case REFUSED ->
              "Version %d was not published; what was live stays live."
                  .formatted(report.result().version());
          case FAILED -> "The run failed%s; it published nothing.".formatted(after());
          case CANCELLED -> "The run was cancelled%s; it published nothing.".formatted(after());
          case UNFINISHED ->
              "The topic tells no end of this run: it is under way%s, or its job was lost."
                  .formatted(after());
        };
    if (standing == null || standing.bestBaseline() == null) {
      return so;
    }
    String live =
        standing.live() == null
            ? ""
            : " and " + comparison(standing.better(standing.live())) + " the live model’s";
    return so
        + " On the newest data, which nothing was chosen on, its error is %s the best baseline’s (%s)%s."
            .formatted(
                comparison(standing.better(standing.bestBaseline())),
                standing.bestBaseline().name(),
                live);
  }

  private String after() {
    int rounds = report.rounds();
    return rounds == 0
        ? " before the first round"
        : " after " + rounds + (rounds == 1 ? " round" : " rounds");
  }

  private static String comparison(double better) {
    if (!Double.isFinite(better)) {
      return "not comparable with";
    }
    return Figures.beside(better) + (Figures.same(better) ? " as" : " than");
  }

  private void tiles() {
    page.raw("<div class=\"tiles\">");
    if (standing != null) {
      Standing.Rival best = standing.bestBaseline();
      String unit = standing.metric().toUpperCase(Locale.ROOT);
      tile(
          "Error (" + unit + ")",
          Figures.number(standing.model()),
          best == null ? "" : "best baseline " + Figures.number(best.error()));
      versus("Beside baseline", best, "no baseline");
      versus("Beside live model", standing.live(), "none was compared");
    }
    TrainResult result = report.result();
    if (report.best() != null) {
      tile(
          "Best validation loss",
          Figures.number(report.best().validationLoss()),
          "after round %d of %d".formatted(report.best().round(), report.rounds()));
    } else {
      tile("Rounds", Integer.toString(report.rounds()), "of " + report.planned() + " at most");
    }
    long samples = result == null ? report.samples() : result.samples();
    double rate = result == null ? samples / report.roundSeconds() : result.samplesPerSecond();
    tile(
        "Samples",
        Figures.amount(samples),
        Double.isFinite(rate) ? Figures.amount(rate) + " a second" : "");
    double busy = report.time().compute() / report.time().total();
    tile(
        "Wall clock",
        Figures.duration(report.seconds()),
        Double.isFinite(busy) ? Figures.percent(busy) + " computing" : "");
    page.raw("</div>");
  }

  private void versus(String title, Standing.Rival rival, String missing) {
    double better = rival == null ? Double.NaN : standing.better(rival);
    if (!Double.isFinite(better)) {
      tile(title, Figures.UNKNOWN, missing);
      return;
    }
    if (Figures.same(better)) {
      tile(title, Figures.percent(0), "the same error");
      return;
    }
    page.raw("<div class=\"tile\">").element("p", title);
    page.element(
            "strong class=\"" + (better > 0 ? "up" : "down") + "\"",
            (better > 0 ? "−" : "+") + Figures.percent(Math.abs(better)))
        .element("p", better > 0 ? "lower error: better" : "higher error: worse")
        .raw("</div>");
  }

  private void tile(String title, String value, String below) {
    page.raw("<div class=\"tile\">")
        .element("p", title)
        .element("strong", value)
        .element("p", below)
        .raw("</div>");
  }

  private void facts() {
    RunHeader facts = report.facts();
    Map<String, String> slots = new LinkedHashMap<>();
    facts.slots().stream()
        .limit(RunLog.SLOTS)
        .forEach(slot -> slots.put("slot " + slot.slot(), place(slot)));
    if (!facts.data().isEmpty() || !facts.versions().isEmpty()) {
      page.raw("<section>").element("h2", "What it is made of").raw("<div class=\"columns\">");
      table("Data", facts.data());
      table("Versions", facts.versions());
      table(
          facts.slots().size() > slots.size()
              ? "The first %d slots of %d".formatted(slots.size(), facts.slots().size())
              : "Slots",
          slots);
      page.raw("</div></section>");
    }
    if (!facts.configuration().isEmpty()) {
      page.raw("<section>").element("h2", "Configuration");
      page.element("p class=\"hint\"", "As it was used, defaults included; secrets are hidden.");
      page.raw("<div class=\"columns\">");
      Map<String, String> left = new LinkedHashMap<>();
      Map<String, String> right = new LinkedHashMap<>();
      facts
          .configuration()
          .forEach(
              (key, value) ->
                  (left.size() < (facts.configuration().size() + 1) / 2 ? left : right)
                      .put(key, value));
      table("", left);
      table("", right);
      page.raw("</div></section>");
    }
  }

  /** In one process a slot has no host. */
  private static String place(RunHeader.Slot slot) {
    String kernels = slot.kernels() + " kernels";
    return slot.host().isEmpty() ? kernels : slot.host() + ", " + kernels;
  }

  private void table(String title, Map<String, String> rows) {
    if (rows.isEmpty()) {
      return;
    }
    page.raw("<div>");
    if (!title.isEmpty()) {
      page.element("h3", title);
    }
    page.raw("<table class=\"facts code\">");
    rows.forEach(
        (key, value) -> page.raw("<tr>").element("th", key).element("td", value).raw("</tr>"));
    page.raw("</table></div>");
  }
}
