package dev.eddy.model.eval;

import dev.eddy.model.train.History;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Learning curves as a picture: the loss along the steps of one or more runs, dashed where it was
 * learned from, solid where it was validated. Needs XChart, which is an optional dependency of this
 * module: whoever draws adds it.
 */
public final class LearningCurve {
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 560;
  private static final float LINE = 2f;
  private static final BasicStroke DASHES =
      new BasicStroke(1.4f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 8, new float[] {5, 4}, 0);
  private static final Color[] COLOURS = {
    new Color(0x0B, 0x6E, 0xC7),
    new Color(0xE0, 0x6C, 0x00),
    new Color(0x5F, 0x8A, 0x3A),
    new Color(0x7A, 0x3E, 0xA8),
    new Color(0xC4, 0x45, 0x36)
  };

  private LearningCurve() {}

  /**
   * Draws and writes a PNG.
   *
   * @param file replaced if it is there; its folder is made
   * @param title of the picture
   * @param loss what the loss is called, with its unit ({@code nats}, {@code MSE})
   * @param runs by the name that the legend shows, in this order
   * @throws IllegalArgumentException if there is nothing to draw
   * @throws IOException if the file cannot be written, or this JVM cannot draw (no fonts, no AWT)
   */
  public static void write(Path file, String title, String loss, Map<String, History> runs)
      throws IOException {
    if (runs.values().stream().allMatch(history -> history.rows().isEmpty())) {
      throw new IllegalArgumentException(
          "a learning curve needs a run with at least one row, got " + runs.keySet());
    }
    byte[] png = draw(title, loss, runs);
    Path parent = file.toAbsolutePath().getParent();
    Files.createDirectories(parent);
    Files.write(file, png);
  }

  private static byte[] draw(String title, String loss, Map<String, History> runs)
      throws IOException {
    System.setProperty("java.awt.headless", "true");
    try {
      XYChart chart = chart(title, loss);
      int colour = 0;
      for (Map.Entry<String, History> run : runs.entrySet()) {
        Color ink = COLOURS[colour++ % COLOURS.length];
        List<History.Row> rows = run.getValue().rows();
        add(chart, run.getKey() + ": training", rows, History.Row::trainLoss, ink, true);
        add(chart, run.getKey() + ": validation", rows, History.Row::validationLoss, ink, false);
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      BitmapEncoder.saveBitmap(chart, bytes, BitmapEncoder.BitmapFormat.PNG);
      return bytes.toByteArray();
    } catch (LinkageError | java.awt.AWTError | RuntimeException e) {
      // A JVM without AWT's libraries or fonts fails in many ways.
      throw new IOException(
          "this JVM cannot draw: a JDK that is not 'headless-minimal', XChart on the class path and"
              + " any font make it work",
          e);
    }
  }

  private static void add(
      XYChart chart,
      String name,
      List<History.Row> rows,
      ToDoubleFunction<History.Row> loss,
      Color ink,
      boolean dashed) {
    List<Long> steps = new ArrayList<>();
    List<Double> losses = new ArrayList<>();
    for (History.Row row : rows) {
      if (Double.isFinite(loss.applyAsDouble(row))) {
        steps.add(row.step());
        losses.add(loss.applyAsDouble(row));
      }
    }
    if (steps.isEmpty()) {
      return;
    }
    XYSeries series = chart.addSeries(name, steps, losses);
    series.setLineColor(ink);
    series.setLineStyle(dashed ? DASHES : new BasicStroke(LINE));
    series.setMarker(SeriesMarkers.NONE);
  }

  private static XYChart chart(String title, String loss) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("steps")
            .yAxisTitle(loss)
            .build();
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setPlotBorderVisible(false);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
    chart.getStyler().setLegendBorderColor(Color.WHITE);
    return chart;
  }
}
