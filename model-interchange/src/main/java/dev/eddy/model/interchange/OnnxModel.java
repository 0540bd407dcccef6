package dev.eddy.model.interchange;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.eddy.model.model.Safetensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A parsed ONNX file: which node gives a value, which values are constant. Input is not trusted.
 */
final class OnnxModel {
  /**
   * Bytes of a file that are not weights. A message of two bytes becomes an object of a hundred, so
   * this bounds the memory that a hostile file can take.
   */
  private static final int MAX_STRUCTURE = 16 << 20;

  private final GraphProto graph;
  private final Map<String, NodeProto> producers = new HashMap<>();
  private final Map<String, TensorProto> initializers = new HashMap<>();

  private OnnxModel(GraphProto graph) {
    this.graph = graph;
    graph.getInitializerList().forEach(tensor -> initializers.put(tensor.getName(), tensor));
    for (NodeProto node : graph.getNodeList()) {
      node.getOutputList().forEach(output -> producers.put(output, node));
    }
  }

  /**
   * Parses a file.
   *
   * @throws InterchangeException if it is not ONNX, damaged, or beyond the bounds
   */
  static OnnxModel read(byte[] file) {
    try {
      checkStructure(file);
      ModelProto model = ModelProto.parseFrom(file);
      if (!model.hasGraph() || model.getGraph().getOutputCount() == 0) {
        throw new InterchangeException("not an ONNX model: it has no graph with an output");
      }
      return new OnnxModel(model.getGraph());
    } catch (IOException e) {
      throw new InterchangeException("not an ONNX model, or cut short: " + e.getMessage(), e);
    }
  }

  /** Counts the bytes outside of tensors without parsing them. */
  private static void checkStructure(byte[] file) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(file);
    long structure = file.length;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == tag(ModelProto.GRAPH_FIELD_NUMBER)) {
        int end = in.pushLimit(in.readRawVarint32());
        structure -= tensors(in);
        in.popLimit(end);
      } else {
        skip(in, tag);
      }
    }
    if (structure > MAX_STRUCTURE) {
      throw new InterchangeException(
          "the ONNX file has %,d bytes beside its weights, at most %,d are read"
              .formatted(structure, MAX_STRUCTURE));
    }
  }

  private static long tensors(CodedInputStream in) throws IOException {
    long bytes = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == tag(GraphProto.INITIALIZER_FIELD_NUMBER)) {
        int end = in.pushLimit(in.readRawVarint32());
        bytes += data(in);
        in.popLimit(end);
      } else {
        skip(in, tag);
      }
    }
    return bytes;
  }

  private static long data(CodedInputStream in) throws IOException {
    long bytes = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int before = in.getTotalBytesRead();
      skip(in, tag);
      if (tag == tag(TensorProto.RAW_DATA_FIELD_NUMBER)
          || tag == tag(TensorProto.FLOAT_DATA_FIELD_NUMBER)) {
        bytes += in.getTotalBytesRead() - before;
      }
    }
    return bytes;
  }

  private static int tag(int field) {
    return field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  private static void skip(CodedInputStream in, int tag) throws IOException {
    if (!in.skipField(tag)) {
      throw new InvalidProtocolBufferException("an end without a beginning");
    }
  }

  /** The value that the network gives: y, or the first output. */
  String output() {
    return graph.getOutputList().stream()
        .map(output -> output.getName())
        .filter("y"::equals)
        .findFirst()
        .orElse(graph.getOutput(0).getName());
  }

  /** Nodes: no path through the graph is longer. */
  int nodes() {
    return graph.getNodeCount();
  }

  /** Whether a value is given from outside. */
  boolean isInput(String value) {
    return !initializers.containsKey(value)
        && graph.getInputList().stream().anyMatch(input -> input.getName().equals(value));
  }

  /** The node that gives a value. */
  NodeProto producer(String value) {
    NodeProto node = producers.get(value);
    if (node == null) {
      throw new InterchangeException("nothing in the ONNX graph gives '%s'".formatted(value));
    }
    return node;
  }

  /** Whether a value is in the file. */
  boolean isConstant(String value) {
    return constant(value) != null;
  }

  private TensorProto constant(String value) {
    String name = value;
    for (int i = 0; i <= nodes(); i++) {
      if (initializers.containsKey(name)) {
        return initializers.get(name);
      }
      NodeProto node = producers.get(name);
      if (node == null) {
        return null;
      }
      if (node.getOpType().equals("Constant")) {
        AttributeProto attribute = attribute(node, "value");
        return attribute == null ? null : attribute.getT();
      }
      if (!node.getOpType().equals("Identity") || node.getInputCount() != 1) {
        return null;
      }
      name = node.getInput(0);
    }
    return null;
  }

  static AttributeProto attribute(NodeProto node, String name) {
    for (AttributeProto attribute : node.getAttributeList()) {
      if (attribute.getName().equals(name)) {
        return attribute;
      }
    }
    return null;
  }

  /** A floating-point constant as float32. */
  Tensor tensor(String value) {
    TensorProto proto = constant(value);
    if (proto == null) {
      throw new InterchangeException(
          "'%s' is computed, but weights must be constants in the file".formatted(value));
    }
    if (proto.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      throw new InterchangeException(
          "'%s' lies in another file: save the ONNX model with its weights inside"
              .formatted(value));
    }
    List<Integer> shape = shape(value, proto);
    return new Tensor(value, shape, finite(value, floats(value, proto, shape)));
  }

  private static List<Integer> shape(String value, TensorProto proto) {
    List<Integer> shape = new ArrayList<>();
    long count = 1;
    for (long size : proto.getDimsList()) {
      if (size < 1 || size > Integer.MAX_VALUE || count * size > Integer.MAX_VALUE) {
        throw new InterchangeException(
            "'%s' has the shape %s".formatted(value, proto.getDimsList()));
      }
      count *= size;
      shape.add((int) size);
    }
    return shape;
  }

  private static float[] floats(String value, TensorProto proto, List<Integer> shape) {
    int count = shape.stream().reduce(1, (a, b) -> a * b);
    TensorProto.DataType type = TensorProto.DataType.forNumber(proto.getDataType());
    if (type == TensorProto.DataType.FLOAT && proto.getFloatDataCount() > 0) {
      checkCount(value, count, proto.getFloatDataCount(), 1);
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = proto.getFloatData(i);
      }
      return values;
    }
    int width = width(value, type);
    checkCount(value, count, proto.getRawData().size(), width);
    ByteBuffer raw = proto.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] =
          switch (type) {
            case DOUBLE -> (float) raw.getDouble();
            case FLOAT16 -> Safetensors.half(raw.getShort());
            case BFLOAT16 -> Float.intBitsToFloat(raw.getShort() << 16);
            default -> raw.getFloat();
          };
    }
    return values;
  }

  private static int width(String value, TensorProto.DataType type) {
    if (type == null) {
      throw new InterchangeException("'%s' is of an unknown type".formatted(value));
    }
    return switch (type) {
      case FLOAT -> 4;
      case DOUBLE -> 8;
      case FLOAT16, BFLOAT16 -> 2;
      default ->
          throw new InterchangeException(
              "'%s' is of type %s, weights must be floating-point numbers".formatted(value, type));
    };
  }

  private static void checkCount(String value, int count, int found, int width) {
    if ((long) count * width != found) {
      throw new InterchangeException(
          "'%s' should hold %d values, the file has %d".formatted(value, count, found / width));
    }
  }

  private static float[] finite(String value, float[] values) {
    for (float number : values) {
      if (!Float.isFinite(number)) {
        throw new InterchangeException("'%s' holds %s as a float32".formatted(value, number));
      }
    }
    return values;
  }

  /** The only value of an integer constant; null if it is none. */
  Long integer(String value) {
    TensorProto proto = constant(value);
    if (proto == null || proto.getDataType() != TensorProto.DataType.INT64.getNumber()) {
      return null;
    }
    if (proto.getInt64DataCount() == 1) {
      return proto.getInt64Data(0);
    }
    return proto.getRawData().size() == Long.BYTES
        ? (Long) proto.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).getLong()
        : null;
  }
}
