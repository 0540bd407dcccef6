package dev.eddy.model.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eddy.model.layer.LayerKinds;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Param;
import dev.eddy.model.net.Network;
import dev.eddy.model.task.forecast.ForecastNetwork;
import dev.eddy.model.task.forecast.ForecastSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/**
 * Reads and writes models: a safetensors container whose metadata holds Eddy's header. See
 * docs/model-file.md.
 *
 * <p>Input is not trusted: lengths are bounded and checked before memory is taken, no class is ever
 * named.
 */
public final class ModelFile {
  /** The version written; the only one read so far. */
  static final int VERSION = 1;

  private static final ObjectMapper JSON = LayerKinds.mapper();

  private ModelFile() {}

  /**
   * The bytes of a model; the same model always gives the same bytes.
   *
   * @throws IllegalArgumentException if weights and network do not fit, or a weight is not finite
   */
  public static byte[] write(Model model) {
    Network network = model.network();
    if (model.weights().length != network.weightCount()) {
      throw new IllegalArgumentException(
          "model '%s' has %d weights, its network takes %d"
              .formatted(model.name(), model.weights().length, network.weightCount()));
    }
    int bad = ModelTensors.firstNotFinite(model.weights());
    if (bad >= 0) {
      throw new IllegalArgumentException(
          "model '%s': weight %d is %s: not to be published"
              .formatted(model.name(), bad, model.weights()[bad]));
    }
    ObjectNode header = JSON.createObjectNode();
    metadata(model, header.putObject(ModelHeader.METADATA));
    ModelTensors.describe(network.params(), header);
    byte[] text = padded(header);
    ByteBuffer file =
        ByteBuffer.allocate(Long.BYTES + text.length + Float.BYTES * model.weights().length)
            .order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(text.length).put(text);
    for (float weight : model.weights()) {
      file.putFloat(weight);
    }
    return Checksum.seal(file.array(), Long.BYTES + text.length);
  }

  private static void metadata(Model model, ObjectNode metadata) {
    metadata.put(ModelHeader.FORMAT, ModelHeader.EDDY);
    metadata.put(ModelHeader.FORMAT_VERSION, Integer.toString(VERSION));
    metadata.put(ModelHeader.NAME, model.name());
    metadata.put(ModelHeader.NETWORK, json(JSON.valueToTree(model.network().spec())));
    metadata.put(ModelHeader.PROVENANCE, json(JSON.valueToTree(new TreeMap<>(model.provenance()))));
    metadata.put(Checksum.KEY, Checksum.BLANK);
    metadata.put(ModelHeader.TASK, model.task().toJson());
  }

  /** The header with spaces behind it, so that the weights begin at a multiple of 8. */
  private static byte[] padded(ObjectNode header) {
    String text = json(header);
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    return (text + " ".repeat(Math.floorMod(-length, 8))).getBytes(StandardCharsets.UTF_8);
  }

  private static String json(com.fasterxml.jackson.databind.JsonNode node) {
    try {
      return JSON.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot write the model's header: " + e.getMessage(), e);
    }
  }

  /**
   * The model in these bytes.
   *
   * @throws ModelFileException saying which of the four went wrong: not a model, corrupt, too old,
   *     too new
   */
  public static Model read(byte[] bytes) {
    ModelHeader header = ModelHeader.read(bytes);
    if (header.version() < VERSION) {
      throw new ModelFileException(
          ModelFileException.Kind.TOO_OLD,
          "model file of format version %d, this code reads %d: train again"
              .formatted(header.version(), VERSION));
    }
    if (header.version() > VERSION) {
      throw new ModelFileException(
          ModelFileException.Kind.TOO_NEW,
          "model file of format version %d, this code reads %d: upgrade"
              .formatted(header.version(), VERSION));
    }
    Checksum.check(bytes, header);
    ForecastSpec task = task(header);
    Network network = network(header, task);
    float[] weights = ModelTensors.read(bytes, header, network);
    return new Model(header.name(), task, network, weights, header.provenance());
  }

  private static ForecastSpec task(ModelHeader header) {
    try {
      return ForecastSpec.fromJson(header.text(ModelHeader.TASK));
    } catch (IllegalArgumentException e) {
      throw ModelHeader.corrupt("%s: %s".formatted(ModelHeader.TASK, e.getMessage()));
    }
  }

  private static Network network(ModelHeader header, ForecastSpec task) {
    LayerSpec written;
    Network network;
    try {
      written = JSON.readValue(header.text(ModelHeader.NETWORK), LayerSpec.class);
      network = ForecastNetwork.build(task);
    } catch (JsonProcessingException e) {
      throw ModelHeader.corrupt("%s: %s".formatted(ModelHeader.NETWORK, e.getOriginalMessage()));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw ModelHeader.corrupt("its network cannot be built: " + e.getMessage());
    }
    if (!network.spec().equals(written)) {
      throw new ModelFileException(
          ModelFileException.Kind.TOO_OLD,
          "the task's network is built otherwise today than when this model was written: train again");
    }
    return network;
  }

  /** How a parameter is spelled in messages: its path and shape. */
  static String describe(Param param) {
    return "'%s' [%d][%d]".formatted(param.name(), param.rows(), param.columns());
  }
}
