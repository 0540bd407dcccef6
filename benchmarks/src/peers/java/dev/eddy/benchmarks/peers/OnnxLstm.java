package dev.eddy.benchmarks.peers;

import dev.eddy.benchmarks.work.LstmWeights;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * An ONNX file of one LSTM node with explicit states, written field by field: the numbers are those
 * of <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3">onnx.proto3</a>.
 */
final class OnnxLstm {
  private static final int IR_VERSION = 8;
  private static final int OPSET = 14;
  private static final int FLOAT = 1;
  private static final int INT_ATTRIBUTE = 2;

  private OnnxLstm() {}

  /** Inputs x, h_in, c_in, outputs h_out, c_out, each {@code [1][B][width]}. */
  static byte[] model(LstmWeights weights) {
    int units = weights.hidden();
    LstmWeights iofc = weights.gates("iofg"); // ONNX calls the candidate c
    float[] bias = Arrays.copyOf(iofc.b(), 8 * units); // the second bias is zero
    Message graph =
        new Message()
            .message(1, node(units))
            .text(2, "lstm")
            .message(5, tensor("W", iofc.w(), 1, 4 * units, weights.inputs()))
            .message(5, tensor("R", iofc.u(), 1, 4 * units, units))
            .message(5, tensor("B", bias, 1, 8 * units))
            .message(11, value("x", weights.inputs()))
            .message(11, value("h_in", units))
            .message(11, value("c_in", units))
            .message(12, value("h_out", units))
            .message(12, value("c_out", units));
    return new Message()
        .number(1, IR_VERSION)
        .message(7, graph)
        .message(8, new Message().text(1, "").number(2, OPSET))
        .bytes();
  }

  private static Message node(int units) {
    Message node = new Message();
    for (String name : List.of("x", "W", "R", "B", "", "h_in", "c_in")) {
      node.text(1, name);
    }
    for (String name : List.of("", "h_out", "c_out")) {
      node.text(2, name);
    }
    Message size = new Message().text(1, "hidden_size").number(3, units).number(20, INT_ATTRIBUTE);
    return node.text(4, "LSTM").message(5, size);
  }

  private static Message tensor(String name, float[] values, int... shape) {
    Message tensor = new Message();
    for (int size : shape) {
      tensor.number(1, size);
    }
    ByteBuffer raw =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    return tensor.number(2, FLOAT).text(8, name).field(9, raw.array());
  }

  /** A value of shape [1][batch][width]. */
  private static Message value(String name, int width) {
    Message shape =
        new Message()
            .message(1, new Message().number(1, 1))
            .message(1, new Message().text(2, "batch"))
            .message(1, new Message().number(1, width));
    Message type = new Message().number(1, FLOAT).message(2, shape);
    return new Message().text(1, name).message(2, new Message().message(1, type));
  }

  /** The wire format of protocol buffers, as far as it is needed. */
  private static final class Message {
    private static final int VARINT = 0;
    private static final int LENGTH = 2;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    byte[] bytes() {
      return out.toByteArray();
    }

    Message number(int field, long value) {
      varint(field << 3 | VARINT);
      varint(value);
      return this;
    }

    Message text(int field, String value) {
      return field(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
      return field(field, value.bytes());
    }

    Message field(int field, byte[] value) {
      varint(field << 3 | LENGTH);
      varint(value.length);
      out.writeBytes(value);
      return this;
    }

    private void varint(long value) {
      long left = value;
      while (left >>> 7 != 0) {
        out.write((int) (left & 0x7F | 0x80));
        left >>>= 7;
      }
      out.write((int) left);
    }
  }
}
