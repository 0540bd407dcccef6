package dev.eddy.model.interchange;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** A graph of ONNX while it is put together: nodes in the order in which they run. */
final class OnnxGraph {
  private final GraphProto.Builder graph = GraphProto.newBuilder();
  private final List<NodeProto> nodes = new ArrayList<>();
  private int names;

  /** A name that nothing else has. */
  String fresh(String hint) {
    return hint + "_" + names++;
  }

  /**
   * Adds a node of one output.
   *
   * @return the output's name
   */
  String node(String operator, List<String> inputs, AttributeProto... attributes) {
    String output = fresh(operator);
    node(operator, inputs, List.of(output), attributes);
    return output;
  }

  /** Adds a node. */
  void node(
      String operator, List<String> inputs, List<String> outputs, AttributeProto... attributes) {
    nodes.add(
        NodeProto.newBuilder()
            .setOpType(operator)
            .setName(fresh("node"))
            .addAllInput(inputs)
            .addAllOutput(outputs)
            .addAllAttribute(List.of(attributes))
            .build());
  }

  /** Adds weights; the name says which. */
  String weights(String path, List<Integer> shape, float[] values) {
    ByteBuffer data =
        ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    data.asFloatBuffer().put(values);
    graph.addInitializer(
        tensor(path, shape, TensorProto.DataType.FLOAT).setRawData(ByteString.copyFrom(data)));
    return path;
  }

  /** Adds a vector of integers, as operators take axes, splits and shapes. */
  String integers(long... values) {
    String name = fresh("integers");
    TensorProto.Builder tensor = tensor(name, List.of(values.length), TensorProto.DataType.INT64);
    for (long value : values) {
      tensor.addInt64Data(value);
    }
    graph.addInitializer(tensor);
    return name;
  }

  private static TensorProto.Builder tensor(
      String name, List<Integer> shape, TensorProto.DataType type) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(type.getNumber());
    shape.forEach(tensor::addDims);
    return tensor;
  }

  /** Adds an input; a dimension is a number or, where it is free, a letter. */
  void input(String name, TensorProto.DataType type, Object... shape) {
    graph.addInput(value(name, type, shape));
  }

  /** Adds an output. */
  void output(String name, Object... shape) {
    graph.addOutput(value(name, TensorProto.DataType.FLOAT, shape));
  }

  private static ValueInfoProto value(String name, TensorProto.DataType type, Object... shape) {
    TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
    for (Object size : shape) {
      TensorShapeProto.Dimension.Builder dim = dims.addDimBuilder();
      if (size instanceof Integer number) {
        dim.setDimValue(number);
      } else {
        dim.setDimParam(size.toString());
      }
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(dims)))
        .build();
  }

  static AttributeProto attribute(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  static AttributeProto real(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  static AttributeProto attribute(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  static AttributeProto attribute(String name, long[] values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  static AttributeProto attribute(String name, List<String> values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.STRINGS);
    values.forEach(value -> attribute.addStrings(ByteString.copyFromUtf8(value)));
    return attribute.build();
  }

  /** The graph; nodes are run in the order given. */
  GraphProto build(String name) {
    return graph.clone().setName(name).addAllNode(nodes).build();
  }

  /** Nodes added by {@code work} come before all others: what cuts up the inputs. */
  void first(Runnable work) {
    List<NodeProto> before = new ArrayList<>(nodes);
    nodes.clear();
    work.run();
    nodes.addAll(before);
  }
}
