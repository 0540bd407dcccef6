package dev.eddy.model.interchange;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.eddy.model.layer.Activation;
import dev.eddy.model.layer.ActivationLayer;
import dev.eddy.model.layer.Bidirectional;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.Embedding;
import dev.eddy.model.layer.Gru;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.Pool;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.layer.SimpleRnn;
import dev.eddy.model.net.Network;
import dev.eddy.model.seq.Bundle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the layers of an ONNX graph: walks from its output back to its input. Operators that only
 * lay values out otherwise are passed by; whether that was right, the reference tells.
 */
final class OnnxReader {
  private static final Set<String> PASSED =
      Set.of(
          "Transpose", "Squeeze", "Unsqueeze", "Reshape", "Identity", "Dropout", "Cast", "Flatten");

  private static final Map<String, Activation> ACTIVATIONS =
      Map.of(
          "Relu", Activation.RELU,
          "Tanh", Activation.TANH,
          "Sigmoid", Activation.SIGMOID,
          "LeakyRelu", Activation.LEAKY_RELU,
          "Elu", Activation.ELU,
          "HardSigmoid", Activation.HARD_SIGMOID,
          "Softplus", Activation.SOFTPLUS,
          "Softmax", Activation.SOFTMAX);

  /** How both ways become one; without any of these they stand side by side. */
  private static final Map<String, Bidirectional.Merge> MERGES =
      Map.of(
          "ReduceSum", Bidirectional.Merge.SUM,
          "ReduceMean", Bidirectional.Merge.MEAN,
          "ReduceProd", Bidirectional.Merge.PRODUCT);

  /** The width of the input of a layer that takes any; such a layer cannot be the first. */
  private static final int UNKNOWN = -1;

  /** A layer found, with its weights in Eddy's order; {@code in} is 0 where it takes ids. */
  private record Found(LayerSpec spec, int in, float[] weights) {}

  private final OnnxModel model;
  private final Deque<Found> layers = new ArrayDeque<>();
  private Activation pending; // seen behind a layer that is still to come
  private Bidirectional.Merge merging; // the same

  private OnnxReader(OnnxModel model) {
    this.model = model;
  }

  /** A network and its weights. */
  record Read(Network network, float[] weights) {}

  /**
   * Reads a file.
   *
   * @throws InterchangeException naming the operator that is no layer of Eddy
   */
  static Read read(byte[] file) {
    OnnxReader reader = new OnnxReader(OnnxModel.read(file));
    reader.walk();
    return reader.network();
  }

  private Read network() {
    if (layers.isEmpty()) {
      throw new InterchangeException("the ONNX graph has no layer");
    }
    int in = layers.getFirst().in();
    if (in == UNKNOWN) {
      throw new InterchangeException(
          "the ONNX graph begins with %s, which does not tell the width of the input"
              .formatted(layers.getFirst().spec()));
    }
    LayerSpec spec = new Sequential(layers.stream().map(Found::spec).toList());
    Network network;
    try {
      network = Network.build(spec, new Shape(Map.of(Bundle.MAIN, in)));
    } catch (IllegalArgumentException e) {
      throw new InterchangeException("the layers do not fit together: " + e.getMessage(), e);
    }
    float[] weights = Gates.join(layers.stream().map(Found::weights).toArray(float[][]::new));
    if (weights.length != network.weightCount()) {
      throw new InterchangeException(
          "the ONNX graph has %d weights, its layers %d"
              .formatted(weights.length, network.weightCount()));
    }
    return new Read(network, weights);
  }

  private void walk() {
    String value = model.output();
    for (int i = 0; !model.isInput(value); i++) {
      if (i > model.nodes()) {
        throw new InterchangeException("the ONNX graph runs in a circle at '%s'".formatted(value));
      }
      value = step(value, model.producer(value));
    }
    if (pending != null || merging != null) {
      throw new InterchangeException(
          "the ONNX graph begins with %s: that belongs behind a layer"
              .formatted(pending != null ? pending : merging));
    }
  }

  /** Takes one node; gives the value that it reads. */
  private String step(String value, NodeProto node) {
    String operator = node.getOpType();
    if (PASSED.contains(operator)) {
      return input(node, 0);
    }
    if (ACTIVATIONS.containsKey(operator)) {
      checkNoMerge(node);
      standAlone();
      pending = activation(node);
      return input(node, 0);
    }
    if (MERGES.containsKey(operator)) {
      checkNoMerge(node);
      standAlone();
      merging = MERGES.get(operator);
      return input(node, 0);
    }
    return switch (operator) {
      case "MatMul" -> dense(node, input(node, 0), model.tensor(input(node, 1)), null);
      case "Gemm" -> gemm(node);
      case "Add" -> biased(node);
      case "Gather" -> gather(node);
      case "LSTM", "GRU", "RNN" -> recurrent(value, node);
      default -> throw refused(node, "no layer of Eddy that can be taken over");
    };
  }

  private static Activation activation(NodeProto node) {
    Activation activation = ACTIVATIONS.get(node.getOpType());
    float alpha =
        switch (activation) {
          case LEAKY_RELU -> 0.01f;
          case ELU -> 1f;
          case HARD_SIGMOID -> 0.2f;
          default -> 0f;
        };
    if (real(node, "alpha", alpha) != alpha || real(node, "beta", 0.5f) != 0.5f) {
      throw refused(node, "alpha or beta that Eddy's has not");
    }
    return activation;
  }

  private static InterchangeException refused(NodeProto node, String why) {
    return new InterchangeException(
        "operator %s ('%s'): %s; rnn, lstm, gru, embedding and dense layers one behind the other are"
            .formatted(node.getOpType(), node.getName(), why));
  }

  private static String input(NodeProto node, int index) {
    if (index >= node.getInputCount() || node.getInput(index).isEmpty()) {
      throw refused(node, "it lacks input " + index);
    }
    return node.getInput(index);
  }

  private static boolean has(NodeProto node, int index) {
    return index < node.getInputCount() && !node.getInput(index).isEmpty();
  }

  private String biased(NodeProto node) {
    boolean second = model.isConstant(input(node, 1));
    String product = input(node, second ? 0 : 1);
    String bias = input(node, second ? 1 : 0);
    if (!model.isConstant(bias) || model.isConstant(product)) {
      throw refused(node, "a sum of two paths");
    }
    NodeProto matmul = model.producer(product);
    if (!matmul.getOpType().equals("MatMul")) {
      throw refused(node, "a constant added to " + matmul.getOpType());
    }
    return dense(matmul, input(matmul, 0), model.tensor(input(matmul, 1)), model.tensor(bias));
  }

  private String gemm(NodeProto node) {
    if (real(node, "alpha", 1) != 1
        || real(node, "beta", 1) != 1
        || number(node, "transA", 0) != 0) {
      throw refused(node, "alpha, beta and transA must be left out");
    }
    Tensor w = model.tensor(input(node, 1));
    Tensor bias = has(node, 2) ? model.tensor(input(node, 2)) : null;
    boolean turned = number(node, "transB", 0) != 0 && w.rank() == 2;
    return dense(node, input(node, 0), turned ? w.transposed() : w, bias);
  }

  private String dense(NodeProto node, String x, Tensor w, Tensor bias) {
    if (w.rank() != 2) {
      throw refused(node, "weights %s are no matrix".formatted(w.shape()));
    }
    int units = w.size(1);
    float[] b = bias == null ? new float[units] : bias.shaped(units).data();
    Activation activation = pending == null ? Activation.LINEAR : pending;
    pending = null;
    checkNoMerge(node);
    layers.addFirst(new Found(new Dense(units, activation), w.size(0), Gates.join(w.data(), b)));
    return x;
  }

  /** Rows of a table by ids, or the last step of a sequence. */
  private String gather(NodeProto node) {
    checkNoMerge(node);
    standAlone();
    if (model.isConstant(input(node, 0)) && number(node, "axis", 0) == 0) {
      Tensor table = model.tensor(input(node, 0));
      if (table.rank() != 2) {
        throw refused(node, "a table of shape " + table.shape());
      }
      LayerSpec spec = Embedding.of(table.size(0), table.size(1));
      layers.addFirst(new Found(spec, 0, table.data()));
      return input(node, 1);
    }
    Long index = model.integer(input(node, 1));
    if (index == null || index != -1) {
      throw refused(node, "only a table's rows or the last step can be gathered");
    }
    layers.addFirst(lastStep());
    return input(node, 0);
  }

  private static Found lastStep() {
    return new Found(new Pool(Pool.Mode.LAST), UNKNOWN, new float[0]);
  }

  /** An activation that is not behind a dense layer becomes a layer of its own. */
  private void standAlone() {
    if (pending != null) {
      layers.addFirst(new Found(new ActivationLayer(pending), UNKNOWN, new float[0]));
      pending = null;
    }
  }

  private void checkNoMerge(NodeProto node) {
    if (merging != null) {
      throw refused(node, "followed by a reduction");
    }
  }

  private String recurrent(String value, NodeProto node) {
    standAlone();
    for (String attribute : List.of("clip", "input_forget")) {
      if (OnnxModel.attribute(node, attribute) != null) {
        throw refused(node, "attribute " + attribute);
      }
    }
    if (has(node, 4) || has(node, 7)) {
      throw refused(node, "lengths or peepholes");
    }
    Tensor w = model.tensor(input(node, 1));
    Tensor r = model.tensor(input(node, 2));
    if (directions(node) == 1) {
      checkNoMerge(node);
    }
    if (w.rank() != 3 || r.rank() != 3 || w.size(0) != directions(node)) {
      throw refused(node, "W %s and R %s of %s".formatted(w.shape(), r.shape(), direction(node)));
    }
    if (node.getOutput(0).equals(value)) {
      // The whole sequence.
    } else if (node.getOutputCount() > 1 && node.getOutput(1).equals(value) && w.size(0) == 1) {
      layers.addFirst(lastStep());
    } else {
      throw refused(node, "its output '%s' is used".formatted(value));
    }
    LayerSpec spec = spec(node, r.size(2));
    Tensor b = has(node, 3) ? model.tensor(input(node, 3)) : null;
    add(spec, w.size(2), OnnxGates.read(spec, w.size(2), w, r, b));
    return input(node, 0);
  }

  private void add(LayerSpec spec, int in, List<Gates> directions) {
    float[][] weights =
        directions.stream().map(gates -> gates.toEddy(spec)).toArray(float[][]::new);
    Bidirectional.Merge merge = merging == null ? Bidirectional.Merge.CONCAT : merging;
    merging = null;
    LayerSpec layer = directions.size() == 1 ? spec : new Bidirectional(spec, merge);
    layers.addFirst(new Found(layer, in, Gates.join(weights)));
  }

  private static String direction(NodeProto node) {
    AttributeProto direction = OnnxModel.attribute(node, "direction");
    return direction == null ? "forward" : direction.getS().toStringUtf8();
  }

  private static int directions(NodeProto node) {
    return switch (direction(node)) {
      case "forward" -> 1;
      case "bidirectional" -> 2;
      default -> throw refused(node, "direction " + direction(node));
    };
  }

  private static LayerSpec spec(NodeProto node, int units) {
    List<String> activations = activations(node);
    return switch (node.getOpType()) {
      case "LSTM" -> {
        checkActivations(node, activations, List.of("Sigmoid", "Tanh", "Tanh"));
        yield new Lstm(units);
      }
      case "GRU" -> {
        checkActivations(node, activations, List.of("Sigmoid", "Tanh"));
        boolean after = number(node, "linear_before_reset", 0) != 0;
        yield new Gru(units, after, Gru.Update.KEEP);
      }
      default -> {
        Activation activation =
            activations.isEmpty() ? Activation.TANH : ACTIVATIONS.get(activations.get(0));
        if (activation == null) {
          throw refused(node, "activations " + activations);
        }
        yield new SimpleRnn(units, activation);
      }
    };
  }

  private static List<String> activations(NodeProto node) {
    AttributeProto attribute = OnnxModel.attribute(node, "activations");
    List<String> names = new ArrayList<>();
    if (attribute != null) {
      attribute.getStringsList().forEach(name -> names.add(name.toStringUtf8()));
    }
    return names;
  }

  /** For each direction the same. */
  private static void checkActivations(NodeProto node, List<String> found, List<String> known) {
    for (int i = 0; i < found.size(); i++) {
      if (!found.get(i).equalsIgnoreCase(known.get(i % known.size()))) {
        throw refused(node, "activations %s, known are %s".formatted(found, known));
      }
    }
  }

  private static long number(NodeProto node, String name, long otherwise) {
    AttributeProto attribute = OnnxModel.attribute(node, name);
    return attribute == null ? otherwise : attribute.getI();
  }

  private static float real(NodeProto node, String name, float otherwise) {
    AttributeProto attribute = OnnxModel.attribute(node, name);
    return attribute == null ? otherwise : attribute.getF();
  }
}
