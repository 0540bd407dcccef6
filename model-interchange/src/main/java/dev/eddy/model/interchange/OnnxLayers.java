package dev.eddy.model.interchange;

import static dev.eddy.model.interchange.OnnxGraph.attribute;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.eddy.model.layer.Activation;
import dev.eddy.model.layer.ActivationLayer;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.Dropout;
import dev.eddy.model.layer.Embedding;
import dev.eddy.model.layer.Gather;
import dev.eddy.model.layer.Gru;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lookback;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.NLinear;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.layer.SimpleRnn;
import dev.eddy.model.layer.Sum;
import dev.eddy.model.net.Network;
import dev.eddy.model.seq.Bundle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turns layers into operators, one layer after another. Sequences are [T][B][F] throughout. */
final class OnnxLayers {
  private static final String WINDOW = "window";

  private final OnnxGraph graph;
  private final Network network;
  private final float[] weights;
  private int weightsAt;
  private final States h;
  private final States c;
  private boolean windowTaken;

  OnnxLayers(OnnxGraph graph, Network network, float[] weights) {
    this.graph = graph;
    this.network = network;
    this.weights = weights;
    this.h = new States("h");
    this.c = new States("c");
  }

  /** A value that flows: the parts of a bundle by name, and their widths. */
  private record Flow(Map<String, String> parts, Shape shape) {
    String main() {
      return parts.get(Bundle.MAIN);
    }

    Flow next(String main, LayerSpec spec) {
      return new Flow(Map.of(Bundle.MAIN, main), spec.outputShape(shape));
    }
  }

  /** Writes the whole network with its inputs and outputs. */
  void write() {
    Map<String, String> parts = new HashMap<>();
    network
        .input()
        .widths()
        .forEach(
            (part, width) -> {
              parts.put(part, part);
              if (!part.equals(Lookback.PART)) {
                graph.input(part, OnnxExport.type(width), shape(width));
              }
            });
    Flow out = layer(network.spec().kind(), network.spec(), new Flow(parts, network.input()));
    graph.node("Identity", List.of(out.main()), List.of("y"));
    graph.output("y", "T", "B", network.outputWidth());
    h.close();
    c.close();
  }

  private static Object[] shape(int width) {
    return width == 0 ? new Object[] {"T", "B"} : new Object[] {"T", "B", width};
  }

  private Flow layer(String path, LayerSpec spec, Flow in) {
    if (spec instanceof Sequential sequential) {
      return sequential(path, sequential.layers(), in);
    }
    if (spec instanceof Sum sum) {
      return sum(path, sum.terms(), in);
    }
    return in.next(leaf(path, spec, in), spec);
  }

  private Flow sequential(String path, List<LayerSpec> layers, Flow in) {
    Flow flow = in;
    for (int i = 0; i < layers.size(); i++) {
      flow = layer(child(path, layers, i), layers.get(i), flow);
    }
    return flow;
  }

  private Flow sum(String path, List<LayerSpec> terms, Flow in) {
    Flow sum = null;
    for (int i = 0; i < terms.size(); i++) {
      Flow term = layer(child(path, terms, i), terms.get(i), in);
      sum =
          sum == null
              ? term
              : new Flow(Map.of(Bundle.MAIN, plus(sum.main(), term.main())), term.shape());
    }
    return sum;
  }

  private static String child(String path, List<LayerSpec> layers, int i) {
    return path + "." + layers.get(i).kind() + i;
  }

  private String leaf(String path, LayerSpec spec, Flow in) {
    if (Gates.has(spec)) {
      return recurrent(path, spec, in);
    }
    if (spec instanceof ActivationLayer layer) {
      return activate(path, layer.function(), in.main());
    }
    if (spec instanceof Dropout) {
      return in.main();
    }
    if (spec instanceof Dense dense) {
      return dense(path, dense, in);
    }
    if (spec instanceof Embedding embedding) {
      return embedding(path, embedding, in);
    }
    if (spec instanceof Gather gather) {
      long[] indices = gather.indices().stream().mapToLong(Integer::longValue).toArray();
      return gather(in.main(), indices);
    }
    if (spec instanceof NLinear nlinear) {
      return nlinear(path, nlinear, in);
    }
    if (spec instanceof Lookback lookback) {
      return window(path, lookback);
    }
    throw new InterchangeException(
        "%s: layers of kind %s cannot be written as ONNX".formatted(path, spec.kind()));
  }

  private float[] take(int count) {
    weightsAt += count;
    return Arrays.copyOfRange(weights, weightsAt - count, weightsAt);
  }

  private String plus(String a, String b) {
    return graph.node("Add", List.of(a, b));
  }

  private String gather(String x, long... indices) {
    return graph.node("Gather", List.of(x, graph.integers(indices)), attribute("axis", 2));
  }

  private String squeeze(String x, long axis) {
    return graph.node("Squeeze", List.of(x, graph.integers(axis)));
  }

  /** A layer that carries its state from run to run. */
  private String recurrent(String path, LayerSpec spec, Flow in) {
    Gates gates = Gates.ofEddy(spec, in.shape().main(), take(size(spec, in)));
    List<String> inputs = new ArrayList<>(List.of(in.main()));
    inputs.addAll(OnnxGates.write(graph, path, spec, List.of(gates)));
    inputs.add("");
    inputs.add(h.next(Gates.units(spec)));
    List<String> outputs = new ArrayList<>(List.of(graph.fresh("Y"), graph.fresh("Y_h")));
    if (spec instanceof Lstm lstm) {
      inputs.add(c.next(lstm.units()));
      outputs.add(graph.fresh("Y_c"));
      c.gives(outputs.get(2));
    }
    graph.node(operator(spec), inputs, outputs, attributes(spec));
    h.gives(outputs.get(1));
    return squeeze(outputs.get(0), 1);
  }

  private static int size(LayerSpec spec, Flow in) {
    return spec.build(in.shape()).paramSize();
  }

  private static String operator(LayerSpec spec) {
    return spec instanceof Lstm ? "LSTM" : spec instanceof Gru ? "GRU" : "RNN";
  }

  private static AttributeProto[] attributes(LayerSpec spec) {
    List<AttributeProto> attributes = new ArrayList<>();
    attributes.add(attribute("hidden_size", Gates.units(spec)));
    if (spec instanceof Gru gru) {
      attributes.add(attribute("linear_before_reset", gru.resetAfter() ? 1 : 0));
    }
    if (spec instanceof SimpleRnn rnn) {
      attributes.add(attribute("activations", List.of(activation(rnn.activation()))));
    }
    return attributes.toArray(new AttributeProto[0]);
  }

  private String dense(String path, Dense dense, Flow in) {
    return activate(
        path, dense.activation(), affine(path, in.main(), in.shape().main(), dense.units()));
  }

  private String activate(String path, Activation activation, String sums) {
    return switch (activation) {
      case LINEAR -> sums;
      case SWISH -> times(sums, graph.node("Sigmoid", List.of(sums)));
      case GELU -> gelu(path, sums);
      default -> graph.node(activation(activation), List.of(sums));
    };
  }

  /** x sigmoid(2 k (x + 0.044715 x^3)): operators of opset 17, which has no Gelu. */
  private String gelu(String path, String x) {
    String scale = graph.weights(path + ".scale", List.of(1), new float[] {1.5957692f});
    String cube = graph.weights(path + ".cube", List.of(1), new float[] {0.044715f});
    String third = times(cube, times(x, times(x, x)));
    return times(x, graph.node("Sigmoid", List.of(times(scale, plus(x, third)))));
  }

  private String times(String a, String b) {
    return graph.node("Mul", List.of(a, b));
  }

  private String affine(String path, String x, int in, int out) {
    String w = graph.weights(path + ".W", List.of(in, out), take(in * out));
    String b = graph.weights(path + ".b", List.of(out), take(out));
    return plus(graph.node("MatMul", List.of(x, w)), b);
  }

  private static String activation(Activation activation) {
    return switch (activation) {
      case LINEAR -> "Identity";
      case RELU -> "Relu";
      case TANH -> "Tanh";
      case SIGMOID -> "Sigmoid";
      case LEAKY_RELU -> "LeakyRelu"; // ONNX's defaults of these three are ours
      case ELU -> "Elu";
      case HARD_SIGMOID -> "HardSigmoid";
      case SOFTPLUS -> "Softplus";
      case SOFTMAX -> "Softmax";
      case SWISH, GELU -> throw new AssertionError(activation + " is several operators");
    };
  }

  private String embedding(String path, Embedding embedding, Flow in) {
    int units = embedding.units();
    float[] table = take(embedding.vocabulary() * units);
    if (embedding.padding() != null) {
      int row = embedding.padding() * units;
      Arrays.fill(table, row, row + units, 0f);
    }
    String e = graph.weights(path + ".E", List.of(embedding.vocabulary(), units), table);
    return graph.node("Gather", List.of(e, in.parts().get(embedding.part())), attribute("axis", 0));
  }

  /** y = last + b + (window - last) W. */
  private String nlinear(String path, NLinear nlinear, Flow in) {
    int window = in.shape().main();
    String last = gather(in.main(), window - 1);
    String deviations = graph.node("Sub", List.of(in.main(), last));
    return plus(last, affine(path, deviations, window, nlinear.units()));
  }

  private String window(String path, Lookback lookback) {
    if (windowTaken) {
      throw new InterchangeException(
          path
              + ": a second lookback cannot be written as ONNX: there is one input '"
              + WINDOW
              + "'");
    }
    windowTaken = true;
    graph.input(WINDOW, TensorProto.DataType.FLOAT, "T", "B", lookback.length());
    return WINDOW;
  }

  /** The columns of h_in (or c_in) for one layer after another, and what becomes of them. */
  private final class States {
    private final String letter;
    private final List<String> in = new ArrayList<>();
    private final List<String> out = new ArrayList<>();
    private final List<Integer> widths = new ArrayList<>();

    States(String letter) {
      this.letter = letter;
    }

    /** The next layer's state, {@code [1][B][units]}. */
    String next(int units) {
      widths.add(units);
      in.add(graph.fresh(letter));
      return in.get(in.size() - 1);
    }

    /** The layer's state after the last step, {@code [1][B][units]}. */
    void gives(String state) {
      out.add(squeeze(state, 0));
    }

    /** Cuts up the input and joins the output. */
    void close() {
      if (in.isEmpty()) {
        return;
      }
      int sum = widths.stream().mapToInt(Integer::intValue).sum();
      graph.input(letter + "_in", TensorProto.DataType.FLOAT, "B", sum);
      graph.output(letter + "_out", "B", sum);
      graph.first(this::cut);
      graph.node("Concat", out, List.of(letter + "_out"), attribute("axis", 1));
    }

    private void cut() {
      List<String> pieces = in.stream().map(name -> name + "_flat").toList();
      long[] split = widths.stream().mapToLong(Integer::longValue).toArray();
      graph.node(
          "Split", List.of(letter + "_in", graph.integers(split)), pieces, attribute("axis", 1));
      for (int i = 0; i < in.size(); i++) {
        graph.node("Unsqueeze", List.of(pieces.get(i), graph.integers(0)), List.of(in.get(i)));
      }
    }
  }
}
