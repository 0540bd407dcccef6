package dev.eddy.model.interchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.model.NetworkFile;
import dev.eddy.model.model.SavedNetwork;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConvertTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void files() throws IOException {
    for (String name :
        new String[] {
          "pytorch/lstm.safetensors",
          "pytorch/lstm.reference.safetensors",
          "keras/gru.keras",
          "keras/gru.weights.h5",
          "keras/gru.reference.safetensors",
          "onnx/rnn-tanh.onnx",
        }) {
      Path to = folder.resolve(name.substring(name.indexOf('/') + 1));
      java.nio.file.Files.write(to, Files.read(name));
    }
    write(
        "layers.json",
        "{\"sequential\": {\"layers\": [{\"lstm\": {\"units\": 4}}, {\"dense\": {\"units\": 2}}]}}");
  }

  private void write(String name, String text) throws IOException {
    java.nio.file.Files.writeString(folder.resolve(name), text);
  }

  /** Words that begin with @ are files in the folder. */
  private int run(String command) {
    String[] words = command.split(" ");
    for (int i = 0; i < words.length; i++) {
      words[i] = words[i].replace("@", folder + "/");
    }
    return Convert.run(words, new PrintWriter(out, true), new PrintWriter(err, true));
  }

  private byte[] written(String name) throws IOException {
    return java.nio.file.Files.readAllBytes(folder.resolve(name));
  }

  @Test
  void takesOverPyTorchAndWritesOnnx() throws IOException {
    assertThat(run("@lstm.safetensors @net.eddy --network @layers.json --name small")).isZero();
    assertThat(out.toString())
        .contains("net.eddy: 'small' of PyTorch, 138 weights")
        .contains("proved: 36 reference values")
        .contains("(allowed 1e-05)");
    SavedNetwork saved = NetworkFile.read(written("net.eddy"));
    assertThat(saved.name()).isEqualTo("small");
    assertThat(saved.network().spec()).isEqualTo(Sequential.of(new Lstm(4), Dense.linear(2)));
    assertThat(run("@net.eddy @net.onnx")).isZero();
    assertThat(OnnxReader.read(written("net.onnx")).weights()).isEqualTo(saved.weights());
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void takesOverKerasAsJsonForMachines() throws IOException {
    assertThat(run("@gru.keras @net.eddy --json")).isZero();
    assertThat(out.toString()).contains("\"from\":\"Keras\"").contains("\"maxDifference\":");
    assertThat(NetworkFile.read(written("net.eddy")).name()).isEqualTo("gru");
  }

  @Test
  void refusesAndSaysWhy() {
    assertThat(run("@rnn-tanh.onnx @net.eddy")).isEqualTo(1);
    assertThat(err.toString()).contains("no reference").doesNotContain("\tat ");
    assertThat(run("@gru.weights.h5 @net.eddy")).isEqualTo(1);
    assertThat(err.toString()).contains("weights alone");
    assertThat(run("@gru.weights.h5 @net.eddy --network @layers.json")).isEqualTo(1);
    assertThat(err.toString()).contains("has no weights in the file");
    assertThat(folder.resolve("net.eddy")).doesNotExist();
  }

  @Test
  void tellsBadUsage() throws IOException {
    assertThat(run("@lstm.safetensors @net.eddy")).isEqualTo(2);
    assertThat(err.toString()).contains("--network SPEC");
    assertThat(run("@nothing.keras @net.eddy")).isEqualTo(2);
    assertThat(err.toString()).contains("there is no file");
    assertThat(run("@gru.keras @gru.keras")).isEqualTo(2);
    assertThat(run("@gru.keras")).isEqualTo(2);
    write("layers.json", "{\"lstm\": {\"units\": 4, \"colour\": 1}}");
    assertThat(run("@lstm.safetensors @net.eddy --network @layers.json")).isEqualTo(1);
    assertThat(err.toString()).contains("colour");
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("eddy convert net.eddy net.onnx");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"lsmt": {"units": 4}}      | layers.json: line 1, column 2: unknown layer 'lsmt', there are activation,
          {"lstm": {"units": 0}}      | layers.json: line 1, column 21: lstm: units must be from 1 to
          {"lstm": {"units": 2.5}}    | layers.json: line 1, column 20: not what is expected there; a layer is
          [{"lstm": {"units": 4}}]    | layers.json: line 1, column 1: not what is expected there; a layer is
          {"lstm": {"units": 4}       | layers.json: line 1, column
          """)
  void tellsWhatIsWrongWithTheLayers(String layers, String message) throws IOException {
    write("layers.json", layers);
    assertThat(run("@lstm.safetensors @net.eddy --network @layers.json")).isEqualTo(1);
    assertThat(err.toString()).contains(message).doesNotContain("dev.eddy");
  }
}
