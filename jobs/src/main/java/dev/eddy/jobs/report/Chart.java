package dev.eddy.jobs.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A chart as inline SVG that is stretched to the width there is; what must not be stretched (texts,
 * dots) lies above it as HTML, placed by percent. Colours are classes, so that they follow the
 * reader's choice of light or dark.
 */
final class Chart {
  /** Units of the drawing, each way. */
  private static final double SIZE = 1000;

  private final Axis x;
  private final Axis y;
  private final StringBuilder paths = new StringBuilder();
  private final Html above = new Html();

  Chart(Axis x, Axis y) {
    this.x = x;
    this.y = y;
  }

  /** A point of a line. */
  record Point(double x, double y) {}

  /**
   * A line, interrupted by nothing: points that are not numbers are left out.
   *
   * @param style class of the line
   * @param marked whether every point gets a dot
   */
  Chart line(String style, List<Point> points, boolean marked) {
    StringBuilder line = new StringBuilder();
    List<Point> drawn = drawn(points);
    for (Point p : drawn) {
      line.append(line.length() == 0 ? 'M' : 'L').append(place(p.x(), p.y()));
    }
    path("line " + style, line);
    return marked || drawn.size() == 1 ? points(style, points) : this;
  }

  private static List<Point> drawn(List<Point> points) {
    return points.stream().filter(p -> Double.isFinite(p.x()) && Double.isFinite(p.y())).toList();
  }

  /** Points without a line. */
  Chart points(String style, List<Point> points) {
    StringBuilder dots = new StringBuilder();
    for (Point p : drawn(points)) {
      dots.append('M').append(place(p.x(), p.y())).append("h0");
    }
    path("dots " + style, dots);
    return this;
  }

  /** Rectangles of one colour. */
  Chart areas(String style, List<Area> areas) {
    StringBuilder path = new StringBuilder();
    for (Area area : areas) {
      if (area.top() > area.bottom()) {
        path.append('M')
            .append(place(area.from(), area.bottom()))
            .append('V')
            .append(digits(SIZE * (1 - y.at(area.top()))))
            .append('H')
            .append(digits(SIZE * x.at(area.to())))
            .append('V')
            .append(digits(SIZE * (1 - y.at(area.bottom()))))
            .append('z');
      }
    }
    path("area " + style, path);
    return this;
  }

  /** One rectangle, in the axes' values. */
  record Area(double from, double to, double bottom, double top) {}

  /** A dot with a word beside it, on the side where there is room. */
  Chart mark(String style, double atX, double atY, String word) {
    double left = 100 * x.at(atX);
    double bottom = 100 * y.at(atY);
    String side = (left > 60 ? "left" : "right") + (bottom > 80 ? " below" : "");
    above
        .raw("<i class=\"mark %s\" style=\"left:%.2f%%;bottom:%.2f%%\"></i>", style, left, bottom)
        .raw("<b class=\"word %s\" style=\"left:%.2f%%;bottom:%.2f%%\">", side, left, bottom)
        .text(word)
        .raw("</b>");
    return this;
  }

  /** An upright dashed line with a word at its top. */
  Chart divider(double atX, String word) {
    path("divider", new StringBuilder("M").append(digits(SIZE * x.at(atX))).append(",0V1000"));
    above
        .raw("<b class=\"word right below\" style=\"left:%.2f%%;bottom:99%%\">", 100 * x.at(atX))
        .text(word)
        .raw("</b>");
    return this;
  }

  /**
   * Puts the chart into a page.
   *
   * @param about what it shows, for those who do not see it
   * @param horizontal what the axis below counts
   * @param size class that says how high it is: tall or low
   */
  void into(Html page, String about, String horizontal, String size) {
    page.raw("<div class=\"chart " + size + "\"><div class=\"plot\">");
    page.raw(
            "<svg viewBox=\"0 0 1000 1000\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"")
        .text(about)
        .raw("\"><path class=\"grid\" d=\"");
    for (double tick : y.ticks()) {
      page.raw("M0," + digits(SIZE * (1 - y.at(tick))) + "H1000");
    }
    page.raw("\"/>").raw(paths.toString()).raw("</svg>");
    for (double tick : y.ticks()) {
      page.raw("<span class=\"y\" style=\"bottom:%.2f%%\">", 100 * y.at(tick))
          .text(tick(tick))
          .raw("</span>");
    }
    for (double tick : fewer(x.ticks())) {
      page.raw("<span class=\"x\" style=\"left:%.2f%%\">", 100 * x.at(tick))
          .text(tick(tick))
          .raw("</span>");
    }
    page.raw(above.toString()).raw("</div>").element("p class=\"axis\"", horizontal).raw("</div>");
  }

  private static List<Double> fewer(List<Double> ticks) {
    int every = (ticks.size() + 9) / 10;
    List<Double> kept = new ArrayList<>();
    for (int i = 0; i < ticks.size(); i += every) {
      kept.add(ticks.get(i));
    }
    return kept;
  }

  /** Without digits that say nothing: 0.25, 20, 1,500. */
  private static String tick(double value) {
    if (Math.abs(value) >= 1000) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    String text = String.format(Locale.ROOT, "%.6f", value).replaceAll("\\.?0+$", "");
    return text.equals("0") && value != 0 && Math.abs(value) < 1e-6
        ? String.format(Locale.ROOT, "%.0e", value)
        : text.equals("-0") ? "0" : text;
  }

  private void path(String style, StringBuilder data) {
    if (data.length() > 0) {
      paths.append("<path class=\"").append(style).append("\" d=\"").append(data).append("\"/>");
    }
  }

  private String place(double atX, double atY) {
    return digits(SIZE * x.at(atX)) + "," + digits(SIZE * (1 - y.at(atY)));
  }

  private static String digits(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
