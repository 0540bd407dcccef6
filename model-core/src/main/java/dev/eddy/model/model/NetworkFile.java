package dev.eddy.model.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eddy.model.layer.LayerKinds;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.net.Network;
import dev.eddy.model.seq.Bundle;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Reads and writes networks without a task: the container of {@link ModelFile}, with the shape of
 * the input in the task's place. See docs/model-file.md.
 *
 * <p>Input is not trusted, as there.
 */
public final class NetworkFile {
  private static final ObjectMapper JSON = LayerKinds.mapper();

  private NetworkFile() {}

  /**
   * The bytes of a network; the same network always gives the same bytes.
   *
   * @throws IllegalArgumentException if weights and network do not fit, or a weight is not finite
   */
  public static byte[] write(SavedNetwork saved) {
    ObjectNode metadata = JSON.createObjectNode();
    ModelFile.describe(metadata, saved.name(), saved.network(), saved.provenance());
    Shape input = saved.network().input();
    metadata.put(ModelHeader.INPUT, ModelFile.json(JSON.valueToTree(input.widths())));
    if (input.image() != null) {
      metadata.put(ModelHeader.IMAGE, ModelFile.json(JSON.valueToTree(input.image())));
    }
    return ModelTensors.file(saved.name(), saved.network(), saved.weights(), metadata);
  }

  /**
   * The network in these bytes.
   *
   * @throws ModelFileException saying which of the four went wrong: not a network, corrupt, too
   *     old, too new
   */
  public static SavedNetwork read(byte[] bytes) {
    ModelHeader header = ModelHeader.read(bytes);
    header.checkVersion();
    Checksum.check(bytes, header);
    if (header.has(ModelHeader.TASK)) {
      throw new ModelFileException(
          ModelFileException.Kind.NOT_A_MODEL,
          "a model with a task, not a network alone: ModelFile reads it");
    }
    Network network = network(header);
    float[] weights = ModelTensors.read(bytes, header, network);
    return new SavedNetwork(header.name(), network, weights, header.provenance());
  }

  private static Network network(ModelHeader header) {
    try {
      LayerSpec spec = JSON.readValue(header.text(ModelHeader.NETWORK), LayerSpec.class);
      if (spec == null) {
        throw ModelHeader.corrupt(ModelHeader.NETWORK + " is null");
      }
      return Network.build(spec, input(header));
    } catch (JsonProcessingException e) {
      throw ModelHeader.corrupt("%s: %s".formatted(ModelHeader.NETWORK, e.getOriginalMessage()));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw ModelHeader.corrupt("its network cannot be built: " + e.getMessage());
    }
  }

  private static Shape input(ModelHeader header) {
    JsonNode json = Safetensors.parse(ModelHeader.INPUT, header.text(ModelHeader.INPUT));
    Map<String, Integer> widths = new TreeMap<>();
    for (Map.Entry<String, JsonNode> part : json.properties()) {
      JsonNode width = part.getValue();
      if (!width.isInt() || width.intValue() < 0) {
        throw ModelHeader.corrupt(
            "%s: part '%s' has the width %s".formatted(ModelHeader.INPUT, part.getKey(), width));
      }
      widths.put(part.getKey(), width.intValue());
    }
    return new Shape(widths, header.has(ModelHeader.IMAGE) ? image(header, widths) : null);
  }

  private static Shape.Image image(ModelHeader header, Map<String, Integer> widths) {
    Shape.Image image;
    try {
      image = JSON.readValue(header.text(ModelHeader.IMAGE), Shape.Image.class);
    } catch (JsonProcessingException e) {
      throw ModelHeader.corrupt("%s: %s".formatted(ModelHeader.IMAGE, e.getOriginalMessage()));
    }
    if (image == null || !Objects.equals(widths.get(Bundle.MAIN), image.floats())) {
      throw ModelHeader.corrupt(
          "%s: %s is not the main part of %s".formatted(ModelHeader.IMAGE, image, widths));
    }
    return image;
  }
}
