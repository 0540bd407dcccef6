package dev.eddy.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.kernel.PortableKernels;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.loss.SquaredError;
import dev.eddy.model.net.Network;
import dev.eddy.model.optim.Adam;
import dev.eddy.model.optim.Plateau;
import dev.eddy.model.optim.Sgd;
import dev.eddy.model.optim.UpdateSpec;
import dev.eddy.model.seq.Bundle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FitTest {
  private static final Network NETWORK =
      Network.build(
          new Sequential(List.of(new Noisy(), new Lstm(6), Dense.linear(1))), Shape.of(1));
  private static final Network QUIET =
      Network.build(new Sequential(List.of(new Lstm(6), Dense.linear(1))), Shape.of(1));
  private static final Examples DATA =
      Toys.sums(7, IntStream.range(0, 60).map(i -> 3 + i * 7 % 20).toArray());
  private static final UpdateSpec UPDATE =
      UpdateSpec.of(new Adam(), 0.01).withSchedule(new Plateau(0.7, 1, 0.1));
  private static final FitSpec SPEC =
      FitSpec.of(UPDATE, 4, 5).withValidateEvery(3).withAccumulate(2);

  @TempDir Path folder;

  @Test
  void learnsToAddWhatItRemembers() throws IOException {
    List<FitProgress> steps = new ArrayList<>();
    FitSpec spec = FitSpec.of(UpdateSpec.of(new Adam(), 0.03), 25, 1);
    Fit.Result result =
        fit(QUIET, spec, sequences())
            .withMetrics(new Within())
            .run(
                QUIET.initialWeights(1),
                new FitListener() {
                  @Override
                  public void step(FitProgress progress) {
                    steps.add(progress);
                  }
                });
    assertThat(result.validationLoss()).isLessThan(0.02);
    List<History.Row> rows = result.history().rows();
    assertThat(rows).hasSize(25);
    assertThat(rows.get(0).validationLoss()).isGreaterThan(0.2);
    assertThat(rows.get(24).metrics().get("within"))
        .isGreaterThan(0.8)
        .isGreaterThan(rows.get(0).metrics().get("within"));
    assertThat(steps).hasSize(25 * 7);
    FitProgress last = steps.get(steps.size() - 1);
    assertThat(last.done()).isEqualTo(1);
    assertThat(last.secondsLeft()).isZero();
    assertThat(steps.get(87).secondsLeft()).isPositive();
    assertThat(last.rate()).isEqualTo(0.03);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void sameBitsForAnyNumberOfThreadsAndForTheSameSeed(int threads) throws IOException {
    for (Batches batches : List.of(sequences(), carried())) {
      Fit fit = fit(NETWORK, SPEC, batches);
      Fit.Result one = fit.run(NETWORK.initialWeights(1), FitListener.NONE);
      Fit.Result more = fit.withThreads(threads).run(NETWORK.initialWeights(1), FitListener.NONE);
      assertThat(more.weights()).isEqualTo(one.weights());
      assertThat(losses(more)).isEqualTo(losses(one)).isNotEmpty();
      FitSpec other = new FitSpec(UPDATE, 4, 2, 3, SPEC.patience(), 6);
      assertThat(fit(NETWORK, other, batches).run(NETWORK.initialWeights(1), FitListener.NONE))
          .as("another seed is other noise")
          .extracting(Fit.Result::weights)
          .isNotEqualTo(one.weights());
    }
  }

  @Test
  void aResumedRunGivesTheBitsOfOneThatWasNotStopped() throws IOException {
    Path file = folder.resolve("run/fit.eddy");
    for (int kind = 0; kind < 2; kind++) {
      Batches batches = kind == 0 ? sequences() : carried();
      Fit.Result whole =
          fit(NETWORK, SPEC, batches).run(NETWORK.initialWeights(1), FitListener.NONE);
      for (int stop : new int[] {1, 4, 9}) {
        Fit broken = fit(NETWORK, SPEC, batches).withCheckpoints(new Fit.Checkpoints(file, stop));
        assertThatThrownBy(() -> broken.run(NETWORK.initialWeights(1), stopAfter(stop + 1)))
            .isInstanceOf(CancellationException.class);
        FitState state = FitCheckpoint.read(file, NETWORK, SPEC);
        assertThat(state.step()).isEqualTo(stop);
        Fit.Result resumed =
            fit(NETWORK, SPEC, kind == 0 ? sequences() : carried())
                .withThreads(2)
                .resume(state, FitListener.NONE);
        assertThat(resumed.weights()).isEqualTo(whole.weights());
        assertThat(resumed.steps()).isEqualTo(whole.steps());
        assertThat(losses(resumed)).isEqualTo(losses(whole));
      }
    }
    try (var files = Files.list(file.getParent())) {
      assertThat(files).as("nothing else is left").containsExactly(file);
    }
  }

  private static FitListener stopAfter(int steps) {
    return new FitListener() {
      @Override
      public void step(FitProgress progress) {
        if (progress.step() == steps) {
          throw new CancellationException("stopped");
        }
      }
    };
  }

  @Test
  void stopsEarlyAndKeepsTheBestWeights() throws IOException {
    // A rate so high that the loss soon goes up and down.
    FitSpec spec = FitSpec.of(UpdateSpec.of(new Sgd(), 1.5), 40, 1).withPatience(3);
    Fit fit = fit(QUIET, spec, sequences());
    Fit.Result result = fit.run(QUIET.initialWeights(1), FitListener.NONE);
    List<Double> losses = losses(result);
    assertThat(result.stoppedEarly()).isTrue();
    double best = losses.stream().mapToDouble(d -> d).min().orElseThrow();
    assertThat(result.validationLoss()).isEqualTo(best);
    assertThat(losses.indexOf(best)).isEqualTo(losses.size() - 4);
    try (Evaluator evaluator = evaluator()) {
      assertThat(evaluator.evaluate(result.weights(), validation()).loss().mean()).isEqualTo(best);
    }
  }

  @Test
  void withoutValidationTheNewestWeightsAreTheBest() throws IOException {
    Fit fit = Fit.of(QUIET, new SquaredError(1), SPEC, sequences(), null, new PortableKernels());
    FitState state = FitState.begin(QUIET, SPEC, QUIET.initialWeights(1));
    Fit.Result result = fit.resume(state, FitListener.NONE);
    assertThat(result.weights()).isEqualTo(state.weights);
    assertThat(result.validationLoss()).isNaN();
    assertThat(result.stoppedEarly()).isFalse();
  }

  @Test
  void whatRunsAwayIsNamed() {
    FitSpec wild = FitSpec.of(UpdateSpec.of(new Sgd(), 1e38).withClip(1e30, 1e30), 5, 1);
    assertThatThrownBy(
            () -> fit(QUIET, wild, sequences()).run(QUIET.initialWeights(1), FitListener.NONE))
        .isInstanceOf(DivergenceException.class)
        .hasMessageContaining("Lower the learning rate (now 1.0E38) or the clip norm (now 1.0E30)");
  }

  @Test
  void dataWithoutTargetsAreNamed() {
    Examples unknown = Toys.sums(1, 5, 6);
    for (int i = 0; i < 2; i++) {
      Arrays.fill(unknown.get(i).target().main().data(), Float.NaN);
    }
    Batches none = new SequenceBatches(unknown, unknown.spans(), BatchSpec.training(2, 1));
    assertThatThrownBy(() -> fit(QUIET, SPEC, none).run(QUIET.initialWeights(1), FitListener.NONE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("epoch 0 has no known target");
    Fit blind = Fit.of(QUIET, new SquaredError(1), SPEC, sequences(), none, new PortableKernels());
    assertThatThrownBy(() -> blind.run(QUIET.initialWeights(1), FitListener.NONE))
        .hasMessageContaining("validation data has no known target");
  }

  @Test
  void aCheckpointIsReadWithCare() throws IOException {
    Path file = folder.resolve("fit.eddy");
    FitState state = FitState.begin(QUIET, SPEC, QUIET.initialWeights(1));
    FitCheckpoint.write(file, QUIET, SPEC, state);
    byte[] good = Files.readAllBytes(file);
    assertThat(FitCheckpoint.read(file, QUIET, SPEC).weights).isEqualTo(state.weights);

    for (int at = 8; at < good.length; at += 97) {
      byte[] bad = good.clone();
      bad[at] ^= 4;
      assertRefused(bad, "damaged");
    }
    for (int length = 0; length < good.length; length += 131) {
      assertRefused(Arrays.copyOf(good, length), length < 44 ? "no checkpoint" : "damaged");
    }
    assertRefused(withHeader(good, "\"states\":[]", "\"states\":[-1,-1]"), "do not fit");
    assertRefused(withHeader(good, "\"history\":[]", "\"history\":null"), "damaged");
    byte[] newer = good.clone();
    newer[7] = 9;
    assertRefused(newer, "version 9, this program reads version 1: upgrade");
    assertThatThrownBy(() -> FitCheckpoint.read(file, NETWORK, SPEC))
        .hasMessageContaining("of another network");
    assertThatThrownBy(() -> FitCheckpoint.read(file, QUIET, SPEC.withAccumulate(3)))
        .hasMessageContaining("accumulate=2")
        .hasMessageContaining("accumulate=3");
    assertThat(FitCheckpoint.read(file, QUIET, SPEC.withPatience(7))).isNotNull();
  }

  /** The checkpoint with another header, and with the checksum of what it now is. */
  private static byte[] withHeader(byte[] file, String from, String to) {
    ByteBuffer whole = ByteBuffer.wrap(file);
    int length = whole.getInt(8);
    String header = new String(file, 12, length, StandardCharsets.UTF_8);
    assertThat(header).contains(from);
    byte[] other = header.replace(from, to).getBytes(StandardCharsets.UTF_8);
    int floats = file.length - 12 - length - 32;
    byte[] content =
        ByteBuffer.allocate(12 + other.length + floats)
            .putLong(whole.getLong(0))
            .putInt(other.length)
            .put(other)
            .put(file, 12 + length, floats)
            .array();
    byte[] sum = sha256(content);
    return ByteBuffer.allocate(content.length + sum.length).put(content).put(sum).array();
  }

  private static byte[] sha256(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private void assertRefused(byte[] bytes, String message) throws IOException {
    Path file = folder.resolve("bad.eddy");
    Files.write(file, bytes);
    assertThatThrownBy(() -> FitCheckpoint.read(file, QUIET, SPEC))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void specificationsNameFieldValueAndWhatIsAllowed() {
    assertThatThrownBy(() -> FitSpec.of(UPDATE, 0, 1))
        .hasMessage("epochs must be at least 1, got 0");
    assertThatThrownBy(() -> SPEC.withPatience(0)).hasMessageContaining("patience");
    assertThatThrownBy(() -> new Fit.Checkpoints(folder, 0)).hasMessageContaining("got 0");
    assertThatThrownBy(() -> FitState.begin(QUIET, SPEC, new float[1]))
        .hasMessageContaining("weights, got 1");
  }

  /** Outputs that are within 0.1 of their targets. */
  private static final class Within implements BatchMetrics {
    @Override
    public List<String> names() {
      return List.of("within");
    }

    @Override
    public void add(Bundle output, Bundle target, double[] sums) {
      float[] y = target.main().data();
      for (int i = 0; i < target.time() * target.batch(); i++) {
        if (!Float.isNaN(y[i])) {
          sums[0] += Math.abs(y[i] - output.main().data()[i]) < 0.1 ? 1 : 0;
          sums[1]++;
        }
      }
    }
  }

  private static List<Double> losses(Fit.Result result) {
    return result.history().rows().stream().map(History.Row::validationLoss).toList();
  }

  private static Fit fit(Network network, FitSpec spec, Batches batches) {
    return Fit.of(network, new SquaredError(1), spec, batches, validation(), new PortableKernels());
  }

  private static Evaluator evaluator() {
    return new Evaluator(QUIET, new SquaredError(1), BatchMetrics.NONE, new PortableKernels(), 1);
  }

  private static Batches sequences() {
    return new SequenceBatches(DATA, DATA.spans().subList(0, 50), new BatchSpec(8, 3, true, 1));
  }

  private static Batches carried() {
    return new CarriedBatches(DATA, DATA.spans().subList(0, 50), 4, new BatchSpec(8, 3, true, 1));
  }

  private static Batches validation() {
    return new SequenceBatches(DATA, DATA.spans().subList(50, 60), BatchSpec.validation(4));
  }
}
