package dev.eddy.benchmarks.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.train.OuterStep;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is compared, and how it is summed up. */
class AveragingTest {
  private static final List<Variant> ALL =
      Variant.all(16, OuterStep.of(OuterStep.Kind.NESTEROV, Variant.SHARDS));

  @Test
  void everyVariantSpendsTheSameSamples() {
    for (Variant variant : ALL) {
      long rows =
          variant.averaging().localSteps().before(variant.rounds())
              * variant.batch()
              * variant.shards();
      // Where local steps grow they do not come out even.
      assertThat((double) rows)
          .as(variant.name())
          .isCloseTo(4 * 800 * 16, within(variant.name().contains("10 to 200") ? 8000.0 : 0.0));
    }
  }

  @Test
  void aVariantIsComparedSeedBySeed() {
    List<Comparison.Result> results = new ArrayList<>();
    for (Variant variant : ALL) {
      double factor = variant.name().equals(Variant.UNION) ? 1 : 1.019;
      results.add(
          new Comparison.Result(
              variant, 1, List.of(run(1, 0.2 * factor), run(2, 0.1 * factor), run(3, 0.3))));
    }
    Comparison comparison = new Comparison("toy", results);
    assertThat(comparison.excess(results.get(2), Variant.UNION)).isCloseTo(0.019, within(1e-9));
    assertThat(comparison.excess(results.get(2), Variant.LONG)).isCloseTo(0, within(1e-9));
    assertThat(comparison.met()).isTrue();
    assertThat(comparison.table()).contains("nesterov, every 50", "+1.9 %", "bar 2 %");
  }

  @Test
  void withoutItsFileADataSetIsSkipped(@TempDir Path folder) {
    assertThat(Problem.etth1(folder)).isNull();
  }

  private static Comparison.Run run(long seed, double best) {
    return new Comparison.Run(seed, best, best, 1, 1);
  }
}
