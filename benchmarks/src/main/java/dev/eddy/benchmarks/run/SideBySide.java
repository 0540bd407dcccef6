package dev.eddy.benchmarks.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Measures rows, one after another. */
public final class SideBySide {
  private SideBySide() {}

  /**
   * Measures each row in each sitting.
   *
   * @param progress is told, in a line, what begins
   * @throws BenchException if a contender's process fails
   */
  public static List<Outcome> run(
      List<Row> rows, boolean peers, Plan plan, Consumer<String> progress) {
    List<Outcome> outcomes = rows.stream().map(Outcome::new).toList();
    Path folder = temporary();
    try {
      for (int sitting = 1; sitting <= plan.sittings(); sitting++) {
        for (Outcome outcome : outcomes) {
          Row row = outcome.row();
          progress.accept(
              "%s %s (sitting %d of %d)"
                  .formatted(row.kind(), row.label(), sitting, plan.sittings()));
          outcome.add(Sitting.run(row, peers, plan, folder));
        }
      }
      return outcomes;
    } finally {
      delete(folder);
    }
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("eddy-bench");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException leftBehind) {
      // In the folder for such things.
    }
  }
}
