package dev.eddy.jobs.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/** Learning curves: loss along the rounds, the best one marked. */
final class LearningPart {
  /** Up to so many points each gets a dot. */
  private static final int DOTS = 60;

  private LearningPart() {}

  static void write(Html page, TrainingReport report) {
    List<Chart.Point> learn = new ArrayList<>();
    List<Chart.Point> validation = new ArrayList<>();
    int before = 0; // rounds of the stages before
    int refitAt = -1;
    RoundPoint last = null;
    for (RoundPoint point : report.points()) {
      if (last != null && !point.stage().equals(last.stage())) {
        before += last.last();
        refitAt = before;
      }
      learn.add(new Chart.Point(before + (point.first() + point.last()) / 2.0, point.loss()));
      validation.add(new Chart.Point(before + point.scored(), point.validationLoss()));
      last = point;
    }
    double[] losses =
        DoubleStream.concat(
                learn.stream().mapToDouble(Chart.Point::y),
                validation.stream().mapToDouble(Chart.Point::y))
            .filter(Double::isFinite)
            .toArray();
    page.raw("<section>").element("h2", "How it learned");
    if (losses.length == 0) {
      page.element("p", "No round has given a loss.").raw("</section>");
      return;
    }
    Axis y =
        Axis.spanning(
            DoubleStream.of(losses).min().getAsDouble(),
            DoubleStream.of(losses).max().getAsDouble());
    Chart chart = new Chart(Axis.counting(0, Math.max(1, report.rounds())), y);
    chart.line("learn", learn, learn.size() <= DOTS);
    chart.line("validation", validation, validation.size() <= DOTS);
    if (refitAt >= 0) {
      chart.divider(refitAt, "refit");
    }
    if (report.best() != null) {
      chart.mark(
          "best",
          report.best().round(),
          report.best().validationLoss(),
          "best: round %d, %s"
              .formatted(report.best().round(), Figures.number(report.best().validationLoss())));
    }
    legend(page);
    chart.into(
        page,
        "training and validation loss by round",
        "rounds averaged" + (y.logarithmic() ? " (loss: logarithmic)" : ""),
        "tall");
    page.element("p class=\"hint\"", text(report)).raw("</section>");
  }

  private static void legend(Html page) {
    page.raw(
            "<ul class=\"legend\"><li><i class=\"stroke model\"></i>validation loss of the averaged weights</li>")
        .raw("<li><i class=\"stroke learn\"></i>training loss in the round</li></ul>");
  }

  private static String text(TrainingReport report) {
    if (report.best() == null) {
      return "Nothing is held out for validation: the last weights are the ones that count.";
    }
    if (report.result() == null) {
      return "The weights after round %d have the lowest validation loss so far."
          .formatted(report.best().round());
    }
    boolean early = report.planned() > 0 && report.rounds() < report.planned();
    return "The weights after round %d had the lowest validation loss and went to the gate. %s"
        .formatted(
            report.best().round(),
            early
                ? "Of at most %d rounds %d were made.".formatted(report.planned(), report.rounds())
                : "All rounds were made: if the curve still falls, more rounds would teach more.");
  }
}
