package dev.eddy.jobs.demo;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.TimeZone;
import javax.imageio.ImageIO;
import org.knowm.xchart.AnnotationLine;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The picture of a run, a PNG of two panels: above, one entity's readings, the forecasts made for
 * them and their interval; below, the live error of the model beside the naive forecasts along
 * event time, with the swaps marked.
 */
@SuppressWarnings("JavaUtilDate") // XChart knows no other time
final class Picture {
  private static final int WIDTH = 1400;
  private static final int UPPER = 560;
  private static final int LOWER = 380;
  private static final Color INK = new Color(0x22, 0x2B, 0x38);
  private static final Color FAINT = new Color(0x8A, 0x94, 0xA3);
  private static final Color GRID = new Color(0xE6, 0xE9, 0xEE);
  private static final Color MODEL = new Color(0x0B, 0x6E, 0xC7);
  private static final Color BAND = new Color(0x0B, 0x6E, 0xC7, 46);
  private static final Color AHEAD = new Color(0xE0, 0x6C, 0x00);
  private static final Color AHEAD_BAND = new Color(0xE0, 0x6C, 0x00, 46);
  private static final Color SWAP = new Color(0x7A, 0x3E, 0xA8);
  private static final BasicStroke DASHES =
      new BasicStroke(1.6f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 8, new float[] {6, 5}, 0);
  private static final Color[] NAIVE = {
    new Color(0xC4, 0x45, 0x36), new Color(0x5F, 0x8A, 0x3A), new Color(0xB0, 0x8A, 0x1E)
  };

  /** Days, or whatever the first season is, are put together beyond so many points. */
  private static final int POINTS = 60;

  private static final Look CHAIN = new Look("Forecasts, one after another", MODEL, BAND, true);
  private static final Look NEWEST = new Look("Newest forecast", AHEAD, AHEAD_BAND, true);

  private Picture() {}

  /** How a forecast is drawn, and whether the legend names it. */
  private record Look(String name, Color line, Color band, boolean legend) {
    Look silent() {
      return new Look(name, line, band, false);
    }
  }

  /**
   * What is drawn.
   *
   * @param title of the run
   * @param portrait one entity
   * @param stretches errors along event time
   * @param names of the forecasters, in the order of a stretch's errors
   * @param versions who answered, in order; every one but the first is a swap
   */
  record Content(
      String title,
      LiveSkill.Portrait portrait,
      List<LiveSkill.Stretch> stretches,
      List<String> names,
      List<LiveSkill.Version> versions) {}

  /**
   * Draws and writes the PNG.
   *
   * @return a note for the user where the machine cannot draw (no fonts, no AWT), else null
   * @throws IOException where the file cannot be written
   */
  static String write(Content content, Path file) throws IOException {
    BufferedImage image;
    try {
      image = draw(content);
    } catch (LinkageError | java.awt.AWTError | RuntimeException e) {
      // A JVM without AWT's libraries or fonts fails in many ways; none of them is worth the run's
      // result.
      return "no plot: this JVM cannot draw ("
          + e
          + "); a JDK that is not 'headless-minimal' and any font make it work";
    }
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    if (!ImageIO.write(image, "png", file.toFile())) {
      return "no plot: this JVM has no PNG writer";
    }
    return null;
  }

  private static BufferedImage draw(Content content) {
    System.setProperty("java.awt.headless", "true");
    BufferedImage image = new BufferedImage(WIDTH, UPPER + LOWER, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    try {
      g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      g.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      g.setColor(Color.WHITE);
      g.fillRect(0, 0, WIDTH, UPPER + LOWER);
      forecasts(content).paint(g, WIDTH, UPPER);
      g.translate(0, UPPER);
      errors(content).paint(g, WIDTH, LOWER);
    } finally {
      g.dispose();
    }
    return image;
  }

  private static XYChart forecasts(Content content) {
    LiveSkill.Portrait p = content.portrait();
    int horizon = p.newest().horizon();
    XYChart chart =
        chart(
            content.title() + ": " + p.entity() + ", forecasts " + horizon + " steps ahead", UPPER);
    long end = p.start() + (p.truth().length - 1) * p.stepMillis();
    boolean first = true;
    for (Outlook outlook : p.chain()) {
      // Only what can be held against a reading; beyond it the newest forecast is the one to show.
      long steps = Math.min(horizon, (end - outlook.origin()) / p.stepMillis());
      if (outlook.origin() >= p.start() - p.stepMillis() && steps > 1) {
        outlook(chart, p, outlook, (int) steps, first ? CHAIN : CHAIN.silent());
        first = false;
      }
    }
    outlook(chart, p, p.newest(), horizon, NEWEST);
    truth(chart, p);
    return chart;
  }

  private static void outlook(
      XYChart chart, LiveSkill.Portrait p, Outlook o, int steps, Look look) {
    List<Date> times = new ArrayList<>();
    List<Double> medians = new ArrayList<>();
    List<Date> outline = new ArrayList<>();
    List<Double> edge = new ArrayList<>();
    for (int h = 0; h < steps; h++) {
      times.add(new Date(o.origin() + (h + 1) * p.stepMillis()));
      medians.add((double) o.median(h));
      edge.add((double) o.high(h));
    }
    outline.addAll(times);
    List<Date> back = new ArrayList<>(times);
    Collections.reverse(back);
    outline.addAll(back);
    for (int h = steps - 1; h >= 0; h--) {
      edge.add((double) o.low(h));
    }
    XYSeries area = chart.addSeries(look.name() + " interval " + o.origin(), outline, edge);
    area.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.PolygonArea);
    area.setLabel(look.name() + ": interval").setShowInLegend(look.legend());
    area.setFillColor(look.band());
    area.setLineColor(new Color(0, 0, 0, 0));
    area.setMarker(SeriesMarkers.NONE);
    XYSeries median = chart.addSeries(look.name() + " median " + o.origin(), times, medians);
    median.setLabel(look.name() + ": median").setShowInLegend(look.legend());
    style(median, look.line(), 2.2f);
  }

  private static void truth(XYChart chart, LiveSkill.Portrait p) {
    List<Date> times = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < p.truth().length; i++) {
      times.add(new Date(p.start() + i * p.stepMillis()));
      values.add(Double.isNaN(p.truth()[i]) ? null : p.truth()[i]);
    }
    style(chart.addSeries("Readings", times, values), INK, 1.7f);
  }

  private static XYChart errors(Content content) {
    XYChart chart = chart("Live MASE along event time (dashed: new weights)", LOWER);
    chart.getStyler().setDatePattern("d MMM"); // weeks of it: no room for weekdays
    // The last value is so much worse that it would flatten what matters.
    for (int i = content.names().size() - 1; i >= 0; i--) {
      if (i != 1) {
        errors(chart, content, i);
      }
    }
    content.versions().stream()
        .skip(1)
        .forEach(swap -> chart.addAnnotation(new AnnotationLine(swap.since(), true, false)));
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setAnnotationLineColor(SWAP);
    chart.getStyler().setAnnotationLineStroke(DASHES);
    return chart;
  }

  private static void errors(XYChart chart, Content content, int i) {
    List<Date> times = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    for (LiveSkill.Stretch stretch : coarse(content.stretches())) {
      times.add(new Date(stretch.start()));
      values.add(stretch.errors()[i]);
    }
    if (!times.isEmpty()) {
      Color color = i == 0 ? MODEL : NAIVE[(i - 2) % NAIVE.length];
      style(chart.addSeries(content.names().get(i), times, values), color, i == 0 ? 2.6f : 1.6f);
    }
  }

  /** At most so many stretches that one can tell them apart. */
  static List<LiveSkill.Stretch> coarse(List<LiveSkill.Stretch> stretches) {
    List<LiveSkill.Stretch> known = stretches.stream().filter(s -> s.count() > 0).toList();
    int group = Math.max(1, (known.size() + POINTS - 1) / POINTS);
    List<LiveSkill.Stretch> all = new ArrayList<>();
    for (int from = 0; from < known.size(); from += group) {
      all.add(together(known.subList(from, Math.min(known.size(), from + group))));
    }
    return all;
  }

  private static LiveSkill.Stretch together(List<LiveSkill.Stretch> group) {
    double[] errors = new double[group.get(0).errors().length];
    long count = group.stream().mapToLong(LiveSkill.Stretch::count).sum();
    for (LiveSkill.Stretch stretch : group) {
      for (int i = 0; i < errors.length; i++) {
        errors[i] += stretch.errors()[i] * stretch.count() / count;
      }
    }
    return new LiveSkill.Stretch(group.get(0).start(), errors, count);
  }

  private static void style(XYSeries series, Color color, float width) {
    series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
    series.setLineColor(color);
    series.setMarker(SeriesMarkers.NONE);
    series.setLineStyle(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
  }

  private static XYChart chart(String title, int height) {
    XYChart chart = new XYChartBuilder().width(WIDTH).height(height).title(title).build();
    XYStyler s = chart.getStyler();
    s.setChartBackgroundColor(Color.WHITE);
    s.setPlotBackgroundColor(Color.WHITE);
    s.setPlotBorderVisible(false);
    s.setPlotGridLinesColor(GRID);
    s.setPlotGridVerticalLinesVisible(false);
    s.setAxisTickMarksColor(GRID);
    s.setAxisTickLabelsColor(FAINT);
    s.setChartFontColor(INK);
    s.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 19));
    s.setChartTitleBoxVisible(false);
    s.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
    s.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
    s.setLegendPosition(Styler.LegendPosition.OutsideS);
    s.setLegendLayout(Styler.LegendLayout.Horizontal);
    s.setLegendBorderColor(Color.WHITE);
    s.setDatePattern("EEE d MMM");
    s.setTimezone(TimeZone.getTimeZone("UTC"));
    s.setLocale(java.util.Locale.ENGLISH);
    s.setXAxisTickMarkSpacingHint(160);
    s.setChartPadding(18);
    return chart;
  }
}
