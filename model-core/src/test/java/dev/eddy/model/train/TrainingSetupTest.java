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
import org.junit.jupiter.api.Test;

class TrainingSetupTest {
  private static TrainingSetup setup(int batch, int chunk) {
    Network network = Network.build(Sequential.of(new Lstm(64), Dense.linear(1)), Shape.of(3));
    TrainingSpec spec = new TrainingSpec(1, 1, 1, 1, batch, chunk, 0, 0.01, 1, 0, 1);
    return new TrainingSetup(network, new SquaredError(1), spec, new PortableKernels());
  }

  /** Else the size of an array wraps round in the middle of a run. */
  @Test
  void aChunkMustFitAnArray() {
    assertThat(setup(65_536, 48).spec().chunk()).isEqualTo(48);
    assertThatThrownBy(() -> setup(65_536, 100_000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("training.batch")
        .hasMessageContaining("training.chunk (100,000)");
    assertThatThrownBy(() -> setup(1, 100_000))
        .as("scoring takes more rows than a batch of one")
        .hasMessageContaining("scoring takes 128");
  }
}
