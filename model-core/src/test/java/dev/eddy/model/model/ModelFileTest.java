package dev.eddy.model.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eddy.model.layer.Gather;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lookback;
import dev.eddy.model.model.ModelFileException.Kind;
import dev.eddy.model.net.Network;
import dev.eddy.model.task.forecast.Fixtures;
import dev.eddy.model.task.forecast.ForecastNetwork;
import dev.eddy.model.task.forecast.ForecastSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ModelFileTest {
  private static Model model() {
    ForecastSpec task = Fixtures.task();
    Network network = ForecastNetwork.build(task);
    Map<String, String> provenance = new TreeMap<>(Map.of("seed", "1", "data", "a \"b\" ü"));
    return new Model("load", task, network, network.initialWeights(1), provenance);
  }

  @Test
  void survivesTheFile() {
    Model model = model();
    byte[] bytes = ModelFile.write(model);
    assertThat(ModelFile.write(model())).isEqualTo(bytes);
    Model read = ModelFile.read(bytes);
    assertThat(read.name()).isEqualTo("load");
    assertThat(read.task()).isEqualTo(model.task());
    assertThat(read.provenance()).isEqualTo(model.provenance());
    assertThat(read.weights()).isEqualTo(model.weights());
    assertThat(read.network().architectureHash()).isEqualTo(model.network().architectureHash());
    assertThat(ModelFile.write(read)).isEqualTo(bytes);
  }

  @Test
  void isASafetensorsFile() throws IOException {
    Model model = model();
    byte[] bytes = ModelFile.write(model);
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int length = (int) file.getLong();
    assertThat((8 + length) % 8).isZero();
    JsonNode header = new ObjectMapper().readTree(bytes, 8, length);
    header.get("__metadata__").forEach(value -> assertThat(value.isTextual()).isTrue());
    long at = 0;
    for (var param : model.network().params()) {
      JsonNode tensor = header.get(param.name());
      assertThat(tensor.get("dtype").asText()).isEqualTo("F32");
      assertThat(tensor.get("shape").toString())
          .isEqualTo("[%d,%d]".formatted(param.rows(), param.columns()));
      assertThat(tensor.get("data_offsets").get(0).asLong()).isEqualTo(at);
      at = tensor.get("data_offsets").get(1).asLong();
    }
    assertThat(8 + length + at).isEqualTo(bytes.length);
    assertThat(file.getFloat(8 + length)).isEqualTo(model.weights()[0]);
  }

  @Test
  void tellsTheFourFailuresApart() {
    byte[] bytes = ModelFile.write(model());
    fails(new byte[0], Kind.NOT_A_MODEL, "too few");
    fails("<html>not found</html>".getBytes(StandardCharsets.UTF_8), Kind.NOT_A_MODEL, "begin");
    fails(patched(bytes, "\"format\":\"eddy\"", "\"format\":\"otto\""), Kind.NOT_A_MODEL, "Eddy");
    fails(version(bytes, "0"), Kind.TOO_OLD, "version 0, this code reads 1");
    fails(version(bytes, "2"), Kind.TOO_NEW, "version 2, this code reads 1");
    fails(java.util.Arrays.copyOf(bytes, 200), Kind.CORRUPT, "cut short");
    fails(java.util.Arrays.copyOf(bytes, bytes.length - 4), Kind.CORRUPT, "checksum");
    byte[] flipped = bytes.clone();
    flipped[bytes.length - 10] ^= 1;
    fails(flipped, Kind.CORRUPT, "checksum");
    fails(patched(bytes, "\"horizon\":4", "\"horizon\":5"), Kind.CORRUPT, "checksum");
    byte[] huge = bytes.clone();
    huge[5] = 1;
    fails(huge, Kind.NOT_A_MODEL, "at most");
  }

  @Test
  void namesTheTensorThatDoesNotFit() {
    byte[] bytes = ModelFile.write(model());
    var param = model().network().params().get(0);
    String shape = "\"shape\":[%d,%d]".formatted(param.rows(), param.columns());
    String other = shape.replace("[" + param.rows(), "[" + (param.rows() + 1));
    fails(sealed(patched(bytes, shape, other)), Kind.CORRUPT, "'" + param.name() + "'");
    String renamed = param.name().replace('W', 'Q');
    fails(sealed(patched(bytes, param.name(), renamed)), Kind.CORRUPT, "no tensor");
    byte[] nan = bytes.clone();
    ByteBuffer.wrap(nan).order(ByteOrder.LITTLE_ENDIAN).putFloat(bytes.length - 4, Float.NaN);
    fails(sealed(nan), Kind.CORRUPT, "NaN");
  }

  /** What costs the file a few bytes may cost whoever serves it all the memory there is. */
  @Test
  void refusesASpecificationThatAsksForMoreThanItsWeights() {
    List<LayerSpec> layers = List.of(new Lookback(12, 6), Gather.of(0));
    ForecastSpec task = Fixtures.task(ForecastSpec.Skip.LINEAR, 40, layers);
    Network network = ForecastNetwork.build(task);
    byte[] bytes =
        ModelFile.write(new Model("load", task, network, network.initialWeights(1), Map.of()));
    ModelFile.read(bytes);
    fails(
        grown(bytes, "{\\\"length\\\":12", "{\\\"length\\\":2000000000"),
        Kind.CORRUPT,
        "lookback: length");
    String seasons =
        java.util.stream.IntStream.rangeClosed(6, 40_000)
            .mapToObj(Integer::toString)
            .collect(java.util.stream.Collectors.joining(",", "[", "]"));
    fails(grown(bytes, "[6,12]", seasons), Kind.CORRUPT, "at most 16 lengths");
    String nest = "{\\\"sequential\\\":{\\\"layers\\\":[".repeat(300);
    fails(
        grown(bytes, "{\\\"gather\\\":{\\\"indices\\\":[0]}}", nest + "]}}".repeat(300)),
        Kind.CORRUPT,
        "nesting depth");
  }

  /** Other text in the header, its length and checksum made to fit. */
  private static byte[] grown(byte[] bytes, String from, String to) {
    int length = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    String header = new String(bytes, 8, length, StandardCharsets.UTF_8);
    assertThat(header).contains(from);
    byte[] other = header.replace(from, to).getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(bytes.length - length + other.length).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(other.length).put(other).put(bytes, 8 + length, bytes.length - 8 - length);
    return sealed(file.array());
  }

  @Test
  void refusesToWriteWhatIsNotFinite() {
    Model model = model();
    model.weights()[3] = Float.POSITIVE_INFINITY;
    assertThatThrownBy(() -> ModelFile.write(model))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("weight 3 is Infinity");
  }

  private static byte[] version(byte[] bytes, String version) {
    String key = "\"eddy.format-version\":\"";
    return patched(bytes, key + "1\"", key + version + "\"");
  }

  private static byte[] patched(byte[] bytes, String from, String to) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    assertThat(text).contains(from.replace("\"horizon", "\\\"horizon").replace("\":4", "\\\":4"));
    String escapedFrom = text.contains(from) ? from : from.replace("\"", "\\\"");
    String escapedTo = text.contains(from) ? to : to.replace("\"", "\\\"");
    return text.replace(escapedFrom, escapedTo).getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The same bytes with a checksum that fits, where they still have a place for one. */
  static byte[] sealed(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int at = text.indexOf("\"eddy.sha256\":\"");
    if (at < 0 || at + 15 + 64 > bytes.length) {
      return bytes;
    }
    byte[] blank = bytes.clone();
    System.arraycopy(Checksum.BLANK.getBytes(StandardCharsets.US_ASCII), 0, blank, at + 15, 64);
    return Checksum.seal(blank, blank.length);
  }

  private static void fails(byte[] bytes, Kind kind, String message) {
    assertThatThrownBy(() -> ModelFile.read(bytes))
        .isInstanceOfSatisfying(
            ModelFileException.class,
            e -> {
              assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind);
              assertThat(e).hasMessageContaining(message);
            });
  }
}
