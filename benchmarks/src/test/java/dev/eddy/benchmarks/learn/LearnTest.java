package dev.eddy.benchmarks.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.benchmarks.Bench;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.train.Example;
import dev.eddy.model.train.Examples;
import dev.eddy.model.train.History;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The data that experiments learn from, and how their results are summed up. */
class LearnTest {
  @Test
  void theAddingProblemAddsItsTwoFlaggedNumbers() {
    AddingExamples examples = new AddingExamples(50, 20, 3);
    for (int n = 0; n < examples.count(); n++) {
      Example example = examples.get(n);
      float[] x = example.input().main().data();
      float sum = 0;
      int flags = 0;
      for (int t = 0; t < 20; t++) {
        sum += x[2 * t] * x[2 * t + 1];
        flags += (int) x[2 * t + 1];
        assertThat(x[2 * t]).isBetween(0f, 1f);
      }
      assertThat(flags).isEqualTo(2);
      assertThat(example.target().main().data()[0]).isEqualTo(sum);
      assertThat(examples.get(n).input().main().data()).isEqualTo(x);
    }
  }

  @Test
  void anImageIsMovedByAPixelAndKeepsItsLabel() {
    Images images = new Images(new float[][] {{0, 0, 0, 5}}, new int[] {7}, 2, 2);
    ImageExamples moved = new ImageExamples(images, true);
    assertThat(moved.count()).isEqualTo(9);
    assertThat(rows(moved, 4)).containsExactly(0, 0, 0, 5);
    assertThat(rows(moved, 0)).as("up and left").containsExactly(5, 0, 0, 0);
    assertThat(rows(moved, 8)).as("down and right").containsExactly(0, 0, 0, 0);
    assertThat(moved.get(3).target().ids(Bundle.MAIN).data()).containsExactly(7);
    assertThat(rows(new ImageExamples(images, false), 0)).containsExactly(0, 0, 0, 5);
  }

  private static float[] rows(Examples examples, int number) {
    FloatSeq rows = examples.get(number).input().main();
    return rows.data();
  }

  @Test
  void aTextIsItsOwnTargetAStepLater(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("text.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("abca".getBytes(StandardCharsets.UTF_8));
    }
    Text text = Text.read(file);
    assertThat(text.vocabulary()).isEqualTo(3);
    Example example = text.next(0, 4).get(0);
    assertThat(example.input().ids(Bundle.MAIN).data()).containsExactly(0, 1, 2);
    assertThat(example.target().ids(Bundle.MAIN).data()).containsExactly(1, 2, 0);
  }

  @Test
  void seedsAreSummedUpAndHeldAgainstTheBar() {
    Trials trials = new Trials(new Adding(), "gru", List.of(run(1, 0.002), run(2, 0.006)));
    assertThat(trials.mean(Trial.LOSS)).isCloseTo(0.004, within(1e-12));
    assertThat(trials.spread(Trial.LOSS)).isCloseTo(0.002828, within(1e-6));
    assertThat(trials.met()).isTrue();
    Trials missed = new Trials(new Adding(), "rnn", List.of(run(1, 0.1)));
    assertThat(missed.met()).isFalse();
    assertThat(Trials.table(List.of(trials, missed))).contains("<= 0.01", ">= 0.15 MISSED");
  }

  private static Trials.Run run(long seed, double loss) {
    Map<String, Double> measures = Map.of(Trial.LOSS, loss);
    return new Trials.Run(
        seed, new Experiment.Outcome(measures, measures, 10, 5, new History(List.of())), 1, 1);
  }

  @Test
  void anUnknownExperimentIsBadUsage() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    assertThat(Bench.run(new String[] {"learn", "subtracting"}, stream, stream)).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("no experiment 'subtracting'", "adding, mnist, optdigits");
  }

  @Test
  void whereResultsCannotGoIsSaidBeforeARun(@TempDir Path folder) throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThat(usage("--json", folder.resolve("no/such.json").toString()))
        .contains("--json", "cannot be written");
    assertThat(usage("--json", folder.toString())).contains("--json", "cannot be written");
    assertThat(usage("--curves", file.resolve("curves").toString()))
        .contains("--curves", "cannot be written");
  }

  private static String usage(String... options) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    List<String> words = new ArrayList<>(List.of("learn", "adding"));
    words.addAll(List.of(options));
    assertThat(Bench.run(words.toArray(String[]::new), stream, stream)).isEqualTo(2);
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aReportSaysWhenByWhatAndWhere() {
    Trials trials = new Trials(new Adding(), "gru", List.of(run(1, 0.002)));
    assertThat(Trials.json("./eddy bench learn adding", 2, List.of(trials)).fieldNames())
        .toIterable()
        .contains("date", "command", "machine", "versions", "threads", "rows");
  }
}
