package dev.eddy.model.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.net.Network;
import dev.eddy.model.task.forecast.Fixtures;
import dev.eddy.model.task.forecast.ForecastNetwork;
import dev.eddy.model.task.forecast.ForecastSpec;
import dev.eddy.model.testing.LayerCase;
import dev.eddy.model.testing.LayerCases;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class NetworkFileTest {
  private static SavedNetwork saved() {
    Network network = Network.build(Sequential.of(new Lstm(3), Dense.linear(2)), Shape.of(4));
    return new SavedNetwork("net", network, network.initialWeights(1), Map.of("from", "ü"));
  }

  @Test
  void survivesTheFile() {
    SavedNetwork saved = saved();
    byte[] bytes = NetworkFile.write(saved);
    SavedNetwork read = NetworkFile.read(bytes);
    assertThat(read.name()).isEqualTo("net");
    assertThat(read.provenance()).isEqualTo(saved.provenance());
    assertThat(read.weights()).isEqualTo(saved.weights());
    assertThat(read.network().architectureHash()).isEqualTo(saved.network().architectureHash());
    assertThat(NetworkFile.write(read)).isEqualTo(bytes);
    assertThat(Safetensors.read(bytes).floats("lstm0.U")).hasSize(36);
  }

  @TestFactory
  Stream<DynamicTest> everyLayerSurvivesTheFile() {
    return LayerCases.all().stream()
        .map(layer -> DynamicTest.dynamicTest(layer.toString(), () -> survives(layer)));
  }

  private static void survives(LayerCase layer) {
    Network network = Network.build(layer.spec(), layer.input());
    SavedNetwork saved = new SavedNetwork("a", network, network.initialWeights(1), Map.of());
    SavedNetwork read = NetworkFile.read(NetworkFile.write(saved));
    assertThat(read.network().spec()).isEqualTo(layer.spec());
    assertThat(read.network().input()).isEqualTo(layer.input());
    assertThat(read.weights()).isEqualTo(saved.weights());
  }

  @Test
  void networksAndModelsAreNotMistakenForEachOther() {
    assertThatThrownBy(() -> ModelFile.read(NetworkFile.write(saved())))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("a network without a task");
    ForecastSpec task = Fixtures.task();
    Network network = ForecastNetwork.build(task);
    byte[] model =
        ModelFile.write(new Model("load", task, network, network.initialWeights(1), Map.of()));
    assertThatThrownBy(() -> NetworkFile.read(model))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("a model with a task");
  }

  @Test
  void anyChangedBitIsNoticed() {
    byte[] bytes = NetworkFile.write(saved());
    for (int at = 0; at < bytes.length; at++) {
      byte[] changed = bytes.clone();
      changed[at] ^= (byte) (1 << at % 8);
      assertThatThrownBy(() -> NetworkFile.read(changed)).isInstanceOf(ModelFileException.class);
    }
  }
}
