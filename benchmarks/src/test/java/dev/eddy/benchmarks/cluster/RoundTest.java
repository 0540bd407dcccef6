package dev.eddy.benchmarks.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eddy.benchmarks.Bench;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class RoundTest {
  private static final double[] TRUTH = {0.003, 0.0002, 0.0004, 0.005, 0.006};

  private static List<RoundModel.Measured> grid(ToDoubleFunction<RoundSize> seconds) {
    return RoundSize.grid(List.of(1, 2, 4)).stream()
        .map(size -> new RoundModel.Measured(size, seconds.applyAsDouble(size), 0, 1))
        .toList();
  }

  @Test
  void theModelFindsWhatMadeTheMeasurements() {
    RoundModel truth = new RoundModel(TRUTH);
    RoundModel found = RoundModel.fit(grid(truth::seconds));
    for (int i = 0; i < TRUTH.length; i++) {
      assertThat(found.coefficients()[i]).isCloseTo(TRUTH[i], within(1e-9));
    }
    RoundSize far = new RoundSize(12, 256, 256);
    assertThat(found.seconds(far)).isCloseTo(truth.seconds(far), within(1e-6));
    assertThat(found.error(grid(size -> 2 * truth.seconds(size)).get(0)))
        .isCloseTo(0.5, within(1e-6));
  }

  @Test
  void nothingCostsLessThanNothing() {
    // Were a coefficient allowed below zero, slots would be found to save time.
    RoundModel found =
        RoundModel.fit(grid(size -> 0.1 + 0.01 * size.shards() - 0.01 * size.slots()));
    assertThat(found.coefficients())
        .matches(all -> java.util.Arrays.stream(all).allMatch(value -> value >= 0));
  }

  @Test
  void partOfTheGridIsKeptForChecking() {
    List<RoundSize> grid = RoundSize.grid(List.of(1, 2, 4));
    assertThat(grid).filteredOn(size -> !size.fitted()).hasSizeGreaterThan(10);
    assertThat(grid).filteredOn(RoundSize::fitted).hasSizeGreaterThan(RoundModel.TERMS);
    assertThat(grid).allMatch(size -> size.shards() >= size.slots());
  }

  @Test
  void theCoordinatorIsMeasuredAlone() throws Exception {
    CoordinatorCost cost = CoordinatorCost.measure(new RoundSize(0.01, 8, 16), 3);
    assertThat(cost.serialise()).isPositive();
    assertThat(cost.deserialise()).isPositive();
    assertThat(cost.fold()).isPositive();

    List<RoundModel.Measured> measured = grid(new RoundModel(TRUTH)::seconds);
    RoundModel model = RoundModel.fit(measured);
    ObjectNode json = RoundTables.json("./eddy bench round", measured, model, List.of(cost));
    assertThat(json.at("/rows")).hasSize(measured.size());
    assertThat(json.at("/model/worstErrorChecked").asDouble()).isLessThan(1e-6);
    assertThat(json.at("/predictions/0/coordinatorFold").asDouble()).isPositive();
    assertThat(RoundTables.measured(measured, model)).contains("0.05", "check");
    assertThat(RoundTables.predicted(model, List.of(cost))).contains("10 Gbit/s");
  }

  @Test
  void wrongUsageIsSaidBeforeAnythingRuns() {
    assertThat(usage("--slots", "0,1")).contains("from 1 to 64");
    assertThat(usage("--slots", "2")).contains("at least two different numbers");
    assertThat(usage("--json", "no/such/file.json")).contains("cannot be written");
  }

  private static String usage(String... options) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    String[] words = new String[options.length + 1];
    words[0] = "round";
    System.arraycopy(options, 0, words, 1, options.length);
    assertThat(Bench.run(words, stream, stream)).isEqualTo(2);
    return err.toString(StandardCharsets.UTF_8);
  }
}
