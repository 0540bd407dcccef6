package dev.eddy.jobs.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eddy.model.train.Averaging;
import dev.eddy.model.train.LocalSteps;
import dev.eddy.model.train.Moments;
import dev.eddy.model.train.OuterStep;
import java.util.List;

/** Reads the keys of {@code training} that say how shards are averaged. */
final class AveragingReader {
  private static final int MANY = 1_000_000;
  private static final String STEPS =
      "a whole number from 1 to 1000000, epoch, or {first: 10, factor: 1.5, most: 200}";

  private final Problems problems;

  AveragingReader(Problems problems) {
    this.problems = problems;
  }

  Averaging read(Section training, int shards) {
    return new Averaging(
        localSteps(training),
        training.choice("moments", Moments.AVERAGE, Moments.class),
        outer(training, shards));
  }

  private LocalSteps localSteps(Section training) {
    JsonNode node = training.node("local-steps");
    if (node != null && node.isObject()) {
      return growing(training.section("local-steps"));
    }
    return steps(training.checked("local-steps", "50", STEPS, AveragingReader::steps));
  }

  private static LocalSteps steps(String text) {
    if (text.equals("epoch")) {
      return LocalSteps.everyEpoch();
    }
    int steps = Integer.parseInt(text);
    if (steps > MANY) {
      throw new IllegalArgumentException("too many");
    }
    return LocalSteps.every(steps);
  }

  private LocalSteps growing(Section section) {
    int first = (int) section.whole("first", 10, 1, MANY);
    double factor = section.number("factor", 1.5, 1.01, 100);
    int most = (int) section.whole("most", Math.max(first, 200), 1, MANY);
    section.end();
    if (most < first) {
      problems.error(
          section.path("most"),
          "found %d, expected no fewer than first (%d)".formatted(most, first));
      return LocalSteps.every(first);
    }
    return LocalSteps.growing(first, factor, most);
  }

  private OuterStep outer(Section training, int shards) {
    OuterStep.Kind kind = training.choice("outer", OuterStep.Kind.AVERAGE, OuterStep.Kind.class);
    OuterStep usual = OuterStep.of(kind, shards);
    double rate = training.number("outer-rate", usual.rate(), 0.01, 10);
    double momentum = training.number("outer-momentum", usual.momentum(), 0, 0.999);
    if (kind != OuterStep.Kind.AVERAGE) {
      return new OuterStep(kind, rate, momentum);
    }
    for (String key : List.of("outer-rate", "outer-momentum")) {
      if (training.has(key)) {
        problems.error(
            training.path(key), "goes with training.outer: momentum or nesterov; it is average");
      }
    }
    return usual;
  }
}
