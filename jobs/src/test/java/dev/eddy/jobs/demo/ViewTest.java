package dev.eddy.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViewTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  private String said() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static Glance glance(double seconds) {
    return new Glance(
        "demo, 3 entities",
        "http://127.0.0.1:8081",
        seconds,
        60,
        1980.4,
        12_345,
        67,
        8,
        9,
        512,
        1024,
        List.of(
            new LiveSkill.Skill("model", 0.612, 1, 0.9),
            new LiveSkill.Skill("last", 2, 1, Double.NaN),
            new LiveSkill.Skill("naive24", Double.NaN, 1, Double.NaN)),
        List.of(new LiveSkill.Version(1, 1, 5, 0), new LiveSkill.Version(2, 2, 5, 10)),
        List.of(
            new LiveSkill.Stretch(0, new double[] {0.5, 2, 1}, 4),
            new LiveSkill.Stretch(1, new double[] {0.25, 2, 1}, 4)),
        "training again: loading the history");
  }

  @Test
  void plainLinesHoldNoControlCharacters() {
    View.of(err, true).show(glance(12));
    assertThat(said())
        .contains(
            "12 s of 60 s",
            "1,980 events/s",
            "12,345 settled",
            "model 0.612",
            "naive24 -",
            "version 2, 1 swap")
        .doesNotContain("\033")
        .hasLineCount(1);
  }

  @Test
  void theScreenIsRedrawnInPlaceAndHasNoColorWhereNoneIsWanted() {
    View screen = View.screen(err, false, 60);
    screen.show(glance(Double.NaN));
    long lines = said().chars().filter(c -> c == '\n').count();
    bytes.reset();
    screen.show(glance(3));
    assertThat(said())
        .startsWith("\033[" + lines + "A")
        .contains("3 s of 60 s", "▅▃", "██", "http://127.0.0.1:8081")
        .doesNotContain("\033[1;34m");
    assertThat(said().lines())
        .allSatisfy(
            line -> assertThat(line.replaceAll("\033\\[\\d*[A-Z]", "")).hasSizeLessThan(60));
  }
}
