package dev.eddy.model.interchange;

import static dev.eddy.model.interchange.OnnxGraph.attribute;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.eddy.model.layer.Activation;
import dev.eddy.model.layer.ActivationLayer;
import dev.eddy.model.layer.Bidirectional;
import dev.eddy.model.layer.Concat;
import dev.eddy.model.layer.Conv1d;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.Dropout;
import dev.eddy.model.layer.Embedding;
import dev.eddy.model.layer.Gather;
import dev.eddy.model.layer.Gru;
import dev.eddy.model.layer.LayerNorm;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lookback;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.NLinear;
import dev.eddy.model.layer.Padding;
import dev.eddy.model.layer.Part;
import dev.eddy.model.layer.Pool;
import dev.eddy.model.layer.Residual;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.layer.SimpleRnn;
import dev.eddy.model.layer.Sum;
import dev.eddy.model.net.Network;
import dev.eddy.model.seq.Bundle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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
    if (spec instanceof Concat concat) {
      return in.next(concat(path, concat.branches(), in), spec);
    }
    if (spec instanceof Residual residual) {
      List<LayerSpec> only = List.of(residual.layer());
      Flow inside = layer(child(path, only, 0), residual.layer(), in);
      return in.next(plus(in.main(), inside.main()), spec);
    }
    return in.next(leaf(path, spec, in), spec);
  }

  private String concat(String path, List<LayerSpec> branches, Flow in) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < branches.size(); i++) {
      parts.add(layer(child(path, branches, i), branches.get(i), in).main());
    }
    return graph.node("Concat", parts, attribute("axis", 2));
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
    if (spec instanceof Bidirectional both && Gates.has(both.layer())) {
      return bidirectional(path, both, in);
    }
    if (spec instanceof Conv1d conv) {
      return conv1d(path, conv, in);
    }
    if (spec instanceof LayerNorm norm) {
      return layerNorm(path, norm, in);
    }
    if (spec instanceof Pool pool) {
      return pool(pool.mode(), in.main());
    }
    if (spec instanceof Dropout) {
      return in.main(); // nothing is dropped outside training
    }
    if (spec instanceof Part part) {
      return in.parts().get(part.name());
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
    }
    graph.node(operator(spec), inputs, outputs, attributes(spec, 1).toArray(new AttributeProto[0]));
    h.gives(outputs.get(1));
    if (spec instanceof Lstm) {
      c.gives(outputs.get(2));
    }
    return squeeze(outputs.get(0), 1);
  }

  /** Both ways begin at zero. */
  private String bidirectional(String path, Bidirectional both, Flow in) {
    LayerSpec spec = both.layer();
    List<Gates> ways = new ArrayList<>();
    for (int way = 0; way < 2; way++) {
      ways.add(Gates.ofEddy(spec, in.shape().main(), take(size(spec, in))));
    }
    List<String> inputs = new ArrayList<>(List.of(in.main()));
    inputs.addAll(OnnxGates.write(graph, path, spec, ways));
    List<AttributeProto> attributes = new ArrayList<>(attributes(spec, 2));
    attributes.add(attribute("direction", "bidirectional"));
    String y = graph.node(operator(spec), inputs, attributes.toArray(new AttributeProto[0]));
    // y is [T][2][B][H]
    AttributeProto dropped = attribute("keepdims", 0);
    AttributeProto second = attribute("axes", new long[] {1});
    return switch (both.merge()) {
      case CONCAT -> {
        String turned =
            graph.node("Transpose", List.of(y), attribute("perm", new long[] {0, 2, 1, 3}));
        yield graph.node("Reshape", List.of(turned, graph.integers(0, 0, -1)));
      }
      case SUM -> graph.node("ReduceSum", List.of(y, graph.integers(1)), dropped);
      case MEAN -> graph.node("ReduceMean", List.of(y), second, dropped);
      case PRODUCT -> graph.node("ReduceProd", List.of(y), second, dropped);
    };
  }

  /**
   * The steps to look at, {@code [B][I][T']}, go through one convolution. A causal one with stride
   * 1 finds the steps before the first in h, oldest first, and leaves the last ones there.
   */
  private String conv1d(String path, Conv1d conv, Flow in) {
    int width = in.shape().main();
    int span = (conv.kernel() - 1) * conv.dilation();
    String x = in.main();
    boolean streams = conv.padding() == Padding.CAUSAL && conv.stride() == 1 && span > 0;
    if (streams) {
      x = joined(x, h.next(span * width), span, width);
    }
    long ahead = streams ? 0 : zerosBefore(conv.padding(), span);
    long behind = conv.padding() == Padding.SAME ? span - ahead : 0;
    float[] w = take(conv.kernel() * width * conv.filters());
    List<String> inputs =
        List.of(
            turned(x, 1, 2, 0),
            graph.weights(
                path + ".W",
                List.of(conv.filters(), width, conv.kernel()),
                turnedWeights(w, conv.kernel(), width, conv.filters())),
            graph.weights(path + ".b", List.of(conv.filters()), take(conv.filters())));
    String y =
        graph.node(
            "Conv",
            inputs,
            attribute("dilations", new long[] {conv.dilation()}),
            attribute("strides", new long[] {conv.stride()}),
            attribute("pads", new long[] {ahead, behind}));
    return activate(path, conv.activation(), turned(y, 2, 0, 1));
  }

  private static long zerosBefore(Padding padding, int span) {
    return switch (padding) {
      case CAUSAL -> span;
      case SAME -> span / 2;
      case VALID -> 0;
    };
  }

  /**
   * The steps of a state {@code [1][B][steps * width]} before those of x; the last ones are kept.
   */
  private String joined(String x, String state, int steps, int width) {
    String cut = graph.node("Reshape", List.of(squeeze(state, 0), graph.integers(0, steps, width)));
    String all = graph.node("Concat", List.of(turned(cut, 1, 0, 2), x), attribute("axis", 0));
    String last =
        graph.node(
            "Slice",
            List.of(
                all, graph.integers(-steps), graph.integers(Long.MAX_VALUE), graph.integers(0)));
    String flat =
        graph.node(
            "Reshape", List.of(turned(last, 1, 0, 2), graph.integers(0, (long) steps * width)));
    h.gives(graph.node("Unsqueeze", List.of(flat, graph.integers(0))));
    return all;
  }

  private String turned(String x, long... order) {
    return graph.node("Transpose", List.of(x), attribute("perm", order));
  }

  /** From {@code [kernel][in][out]} to {@code [out][in][kernel]}. */
  private static float[] turnedWeights(float[] w, int kernel, int in, int out) {
    float[] turned = new float[w.length];
    for (int k = 0; k < kernel; k++) {
      for (int i = 0; i < in; i++) {
        for (int o = 0; o < out; o++) {
          turned[(o * in + i) * kernel + k] = w[(k * in + i) * out + o];
        }
      }
    }
    return turned;
  }

  private String layerNorm(String path, LayerNorm norm, Flow in) {
    int width = in.shape().main();
    String gain = graph.weights(path + ".g", List.of(width), take(width));
    String bias = graph.weights(path + ".b", List.of(width), take(width));
    return graph.node(
        "LayerNormalization",
        List.of(in.main(), gain, bias),
        attribute("axis", -1),
        OnnxGraph.real("epsilon", norm.epsilon()));
  }

  private String pool(Pool.Mode mode, String x) {
    AttributeProto time = attribute("axes", new long[] {0});
    return switch (mode) {
      case LAST -> graph.node("Gather", List.of(x, graph.integers(-1)), attribute("axis", 0));
      case MEAN -> graph.node("ReduceMean", List.of(x), time);
      case MAX -> graph.node("ReduceMax", List.of(x), time);
    };
  }

  private static int size(LayerSpec spec, Flow in) {
    return spec.build(in.shape()).paramSize();
  }

  private static String operator(LayerSpec spec) {
    return spec instanceof Lstm ? "LSTM" : spec instanceof Gru ? "GRU" : "RNN";
  }

  private static List<AttributeProto> attributes(LayerSpec spec, int ways) {
    List<AttributeProto> attributes = new ArrayList<>();
    attributes.add(attribute("hidden_size", Gates.units(spec)));
    if (spec instanceof Gru gru) {
      attributes.add(attribute("linear_before_reset", gru.resetAfter() ? 1 : 0));
    }
    if (spec instanceof SimpleRnn rnn) {
      attributes.add(
          attribute("activations", Collections.nCopies(ways, activation(rnn.activation()))));
    }
    return attributes;
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
