package dev.eddy.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.kernel.KernelSelection;
import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.loss.SquaredError;
import dev.eddy.model.model.NetworkFile;
import dev.eddy.model.model.SavedNetwork;
import dev.eddy.model.net.Network;
import dev.eddy.model.net.Prepared;
import dev.eddy.model.optim.Adam;
import dev.eddy.model.optim.UpdateSpec;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.train.BatchSpec;
import dev.eddy.model.train.Example;
import dev.eddy.model.train.Examples;
import dev.eddy.model.train.Fit;
import dev.eddy.model.train.FitListener;
import dev.eddy.model.train.FitSpec;
import dev.eddy.model.train.SequenceBatches;
import dev.eddy.model.train.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/library.md. */
class LibraryExampleTest {

  static Example wave(int seed) {
    int steps = 40;
    float[] x = new float[steps];
    float[] next = new float[steps];
    for (int t = 0; t < steps; t++) {
      x[t] = (float) StrictMath.sin(0.4 * t + seed);
      next[t] = (float) StrictMath.sin(0.4 * (t + 1) + seed);
    }
    return new Example(
        Bundle.of(new FloatSeq(steps, 1, 1, x)), // [T][B = 1][F = 1]
        Bundle.of(new FloatSeq(steps, 1, 1, next)));
  }

  static Fit.Result train(Network network, Kernels kernels) throws IOException {
    Examples waves = Examples.of(IntStream.range(0, 100).mapToObj(i -> wave(i)).toList());
    Span.Split split = Span.byEntity(waves.spans(), i -> i, 0.2, 1); // a fifth validates
    Fit fit =
        Fit.of(
            network,
            new SquaredError(1),
            FitSpec.of(UpdateSpec.of(new Adam(), 0.01), 30, 1).withPatience(5),
            new SequenceBatches(waves, split.train(), BatchSpec.training(16, 1)),
            new SequenceBatches(waves, split.validation(), BatchSpec.validation(64)),
            kernels);
    return fit.run(network.initialWeights(1), FitListener.NONE);
  }

  static float[] follow(Path file, Kernels kernels, float[] readings) throws IOException {
    SavedNetwork saved = NetworkFile.read(Files.readAllBytes(file));
    Prepared network = saved.network().prepare(saved.weights(), kernels);
    Context context = Context.stepping(kernels); // one for a thread
    float[] state = new float[saved.network().stateSize()]; // one row for each entity
    network.initialState(state, 0);
    float[] expected = new float[readings.length];
    for (int t = 0; t < readings.length; t++) { // one event after the other
      Bundle event = Bundle.of(new FloatSeq(1, 1, 1, new float[] {readings[t]}));
      expected[t] = network.forward(event, state, context).data()[0];
      context.reset(); // what forward gave is no longer valid
    }
    return expected;
  }

  @Test
  void trainedSavedAndSteppedItFollowsAWave(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("wave.eddy");
    Kernels kernels = KernelSelection.kernels();
    Network network =
        Network.build(Sequential.of(new Lstm(16), Dense.linear(1)), Shape.of(1)); // 1 float a step
    Fit.Result result = train(network, kernels);
    Files.write(
        file,
        NetworkFile.write(
            new SavedNetwork("wave", network, result.weights(), Map.of("data", "sines"))));
    assertThat(result.validationLoss()).isLessThan(0.02); // of a variance of 0.5

    Example wave = wave(1000);
    float[] expected = follow(file, kernels, wave.input().main().data());
    assertThat(expected[39]).isCloseTo(wave.target().main().data()[39], within(0.2f));

    FloatSeq offline =
        network.forward(
            result.weights(),
            wave.input(),
            new float[network.stateSize()],
            Context.stepping(kernels));
    assertThat(expected)
        .as("event by event, the bits of the whole sequence")
        .isEqualTo(offline.data());
  }

  @Test
  void thePageShowsThisCode() throws IOException {
    String code =
        plain(Files.readString(Path.of("src/test/java/dev/eddy/model/LibraryExampleTest.java")));
    String page = Files.readString(Path.of("../docs/library.md"));
    Matcher blocks = Pattern.compile("(?s)```java\n(.*?)```").matcher(page);
    List<String> shown = blocks.results().map(block -> plain(block.group(1))).toList();
    assertThat(shown)
        .hasSizeGreaterThanOrEqualTo(4)
        .allSatisfy(block -> assertThat(code).contains(block));
  }

  private static String plain(String code) {
    return code.replaceAll("\\s+", " ").strip();
  }
}
