package dev.eddy.model.interchange;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eddy.model.model.Safetensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Writes small safetensors files, for references that no framework would write. */
final class Tensors {
  private Tensors() {}

  static Tensor of(Safetensors file, String name) {
    return new Tensor(name, file.entries().get(name).shape(), file.floats(name));
  }

  static byte[] file(Map<String, String> metadata, Map<String, Tensor> tensors) {
    ObjectNode header = new ObjectMapper().createObjectNode();
    ObjectNode strings = header.putObject("__metadata__");
    metadata.forEach(strings::put);
    Map<String, Tensor> sorted = new TreeMap<>(tensors);
    int at = 0;
    for (Map.Entry<String, Tensor> entry : sorted.entrySet()) {
      ObjectNode tensor = header.putObject(entry.getKey());
      tensor.put("dtype", "F32");
      entry.getValue().shape().forEach(tensor.withArray("shape")::add);
      int end = at + Float.BYTES * entry.getValue().data().length;
      tensor.putArray("data_offsets").add(at).add(end);
      at = end;
    }
    byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8 + text.length + at).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(text.length).put(text);
    sorted.values().forEach(tensor -> put(file, tensor.data()));
    return file.array();
  }

  private static void put(ByteBuffer file, float[] values) {
    for (float value : values) {
      file.putFloat(value);
    }
  }
}
