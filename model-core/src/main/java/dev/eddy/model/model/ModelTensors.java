package dev.eddy.model.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eddy.model.layer.Param;
import dev.eddy.model.net.Network;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The table of tensors in a safetensors header, one for each parameter of a network. */
final class ModelTensors {
  private static final String DTYPE = "F32";

  private ModelTensors() {}

  /**
   * A whole file: header with table and metadata, checksum, weights.
   *
   * @param name for messages
   * @throws IllegalArgumentException if weights and network do not fit, or a weight is not finite
   */
  static byte[] file(String name, Network network, float[] weights, ObjectNode metadata) {
    if (weights.length != network.weightCount()) {
      throw new IllegalArgumentException(
          "model '%s' has %d weights, its network takes %d"
              .formatted(name, weights.length, network.weightCount()));
    }
    int bad = firstNotFinite(weights);
    if (bad >= 0) {
      throw new IllegalArgumentException(
          "model '%s': weight %d is %s: not to be published".formatted(name, bad, weights[bad]));
    }
    ObjectNode header = metadata.objectNode();
    header.set(ModelHeader.METADATA, metadata);
    describe(network.params(), header);
    byte[] text = padded(ModelFile.json(header));
    ByteBuffer file =
        ByteBuffer.allocate(Long.BYTES + text.length + Float.BYTES * weights.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(text.length).put(text);
    for (float weight : weights) {
      file.putFloat(weight);
    }
    return Checksum.seal(file.array(), Long.BYTES + text.length);
  }

  /** The header with spaces behind it, so that the weights begin at a multiple of 8. */
  private static byte[] padded(String header) {
    int length = header.getBytes(StandardCharsets.UTF_8).length;
    return (header + " ".repeat(Math.floorMod(-length, 8))).getBytes(StandardCharsets.UTF_8);
  }

  /** Writes the table: parameters in memory order, one behind the other. header: Modified. */
  private static void describe(List<Param> params, ObjectNode header) {
    long at = 0;
    for (Param param : params) {
      ObjectNode tensor = header.putObject(param.name());
      tensor.put("dtype", DTYPE);
      tensor.putArray("shape").add(param.rows()).add(param.columns());
      long end = at + (long) Float.BYTES * param.size();
      tensor.putArray("data_offsets").add(at).add(end);
      at = end;
    }
  }

  /** The weights, after every tensor was found to be the network's. */
  static float[] read(byte[] bytes, ModelHeader header, Network network) {
    List<Param> params = network.params();
    if (header.json().size() != params.size() + 1) {
      throw ModelHeader.corrupt(
          "%d tensors, the network has %d: %s"
              .formatted(
                  header.json().size() - 1,
                  params.size(),
                  params.stream().map(ModelFile::describe).toList()));
    }
    if (header.dataLength() != (long) Float.BYTES * network.weightCount()) {
      throw ModelHeader.corrupt(
          "%d bytes of weights, the network takes %d"
              .formatted(header.dataLength(), (long) Float.BYTES * network.weightCount()));
    }
    long at = 0;
    for (Param param : params) {
      check(param, header.json().get(param.name()), at);
      at += (long) Float.BYTES * param.size();
    }
    FloatBuffer data =
        ByteBuffer.wrap(bytes, header.dataAt(), header.dataLength())
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    float[] weights = new float[network.weightCount()];
    data.get(weights);
    int bad = firstNotFinite(weights);
    if (bad >= 0) {
      throw ModelHeader.corrupt("weight %d is %s".formatted(bad, weights[bad]));
    }
    return weights;
  }

  private static void check(Param param, JsonNode tensor, long at) {
    if (tensor == null) {
      throw ModelHeader.corrupt("no tensor %s".formatted(ModelFile.describe(param)));
    }
    JsonNode shape = tensor.path("shape");
    JsonNode offsets = tensor.path("data_offsets");
    boolean fits =
        DTYPE.equals(tensor.path("dtype").textValue())
            && isPair(shape, param.rows(), param.columns())
            && isPair(offsets, at, at + (long) Float.BYTES * param.size());
    if (!fits) {
      throw ModelHeader.corrupt(
          "tensor '%s' is %s %s at %s, the network takes F32 [%d,%d] at [%d,%d]"
              .formatted(
                  param.name(),
                  tensor.path("dtype").asText(),
                  shape,
                  offsets,
                  param.rows(),
                  param.columns(),
                  at,
                  at + (long) Float.BYTES * param.size()));
    }
  }

  private static boolean isPair(JsonNode array, long first, long second) {
    return array.isArray()
        && array.size() == 2
        && isNumber(array.get(0), first)
        && isNumber(array.get(1), second);
  }

  private static boolean isNumber(JsonNode node, long value) {
    return node.isIntegralNumber() && node.canConvertToLong() && node.longValue() == value;
  }

  /** Which weight is NaN or infinite; -1 if none is. */
  static int firstNotFinite(float[] weights) {
    for (int i = 0; i < weights.length; i++) {
      if (!Float.isFinite(weights[i])) {
        return i;
      }
    }
    return -1;
  }
}
