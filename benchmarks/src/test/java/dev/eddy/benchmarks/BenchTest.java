package dev.eddy.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int bench(String... arguments) {
    return Bench.run(arguments, print(out), print(err));
  }

  private static PrintStream print(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private void refused(String part, String... arguments) {
    assertThat(bench(arguments)).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains(part);
    assertThat(out.size()).isZero();
  }

  @Test
  void helpHasExamples() {
    assertThat(bench("--help")).isZero();
    assertThat(bench("step", "--help")).isZero();
    assertThat(bench("train", "--help")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("eddy bench all --peers", "eddy bench step --peers --json", "--threads 1");
  }

  @Test
  void wrongUsageIsSaidBeforeAnythingRuns(@TempDir Path folder) {
    refused("expected one of step, train, all");
    refused("--fast", "step", "--fast");
    refused("cannot be written", "step", "--json", folder.resolve("no/such.json").toString());
    refused("no row for 7 threads", "train", "--threads", "7");
    refused("start it with ./eddy", "train", "--peers");
  }
}
