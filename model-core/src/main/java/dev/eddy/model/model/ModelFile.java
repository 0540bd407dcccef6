package dev.eddy.model.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eddy.model.layer.LayerKinds;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Param;
import dev.eddy.model.net.Network;
import dev.eddy.model.task.forecast.ForecastNetwork;
import dev.eddy.model.task.forecast.ForecastSpec;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads and writes models: a safetensors container whose metadata holds Eddy's header. See
 * docs/model-file.md.
 *
 * <p>Input is not trusted: lengths are bounded and checked before memory is taken, no class is ever
 * named.
 */
public final class ModelFile {
  private static final ObjectMapper JSON = LayerKinds.mapper();

  private ModelFile() {}

  /**
   * The bytes of a model; the same model always gives the same bytes.
   *
   * @throws IllegalArgumentException if weights and network do not fit, or a weight is not finite
   */
  public static byte[] write(Model model) {
    ObjectNode metadata = JSON.createObjectNode();
    describe(metadata, model.name(), model.network(), model.provenance());
    metadata.put(ModelHeader.TASK, model.task().toJson());
    return ModelTensors.file(model.name(), model.network(), model.weights(), metadata);
  }

  /** What every file of Eddy says. metadata: Modified. */
  static void describe(
      ObjectNode metadata, String name, Network network, Map<String, String> provenance) {
    metadata.put(ModelHeader.FORMAT, ModelHeader.EDDY);
    metadata.put(ModelHeader.FORMAT_VERSION, Integer.toString(ModelHeader.CURRENT));
    metadata.put(ModelHeader.NAME, name);
    metadata.put(ModelHeader.NETWORK, json(JSON.valueToTree(network.spec())));
    metadata.put(ModelHeader.PROVENANCE, json(JSON.valueToTree(new TreeMap<>(provenance))));
    metadata.put(Checksum.KEY, Checksum.BLANK);
  }

  static String json(JsonNode node) {
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
    header.checkVersion();
    Checksum.check(bytes, header);
    if (header.has(ModelHeader.INPUT)) {
      throw new ModelFileException(
          ModelFileException.Kind.NOT_A_MODEL,
          "a network without a task, so nothing says what it forecasts: NetworkFile reads it");
    }
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
