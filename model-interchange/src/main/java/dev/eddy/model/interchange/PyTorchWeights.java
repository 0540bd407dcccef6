package dev.eddy.model.interchange;

import dev.eddy.model.layer.Bidirectional;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.Embedding;
import dev.eddy.model.layer.Gru;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.model.Safetensors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A state dict of PyTorch. It names modules, not their order or kind; so each layer of the network
 * takes the first module left, by name, that has its tensors and sizes, unless the caller names
 * another. The reference proves the choice.
 *
 * <pre>
 * nn.LSTM    weight_ih_l0 [4H][I], weight_hh_l0 [4H][H], bias_ih_l0, bias_hh_l0 [4H]    gates i f g o
 * nn.GRU     the same with 3H                                                           gates r z n
 * nn.RNN     the same with H
 *            layer k of a stack ends in _lk, the way back in _lk_reverse; cells have no such ending
 * nn.Linear  weight [O][I], bias [O]
 * </pre>
 */
final class PyTorchWeights implements WeightSource {
  private static final Pattern LINEAR = Pattern.compile("((?:.*\\.)?)weight()");
  private static final Pattern RECURRENT = Pattern.compile("((?:.*\\.)?)weight_ih((?:_l\\d+)?)");

  private final Map<String, Tensor> tensors; // what is left
  private final Map<String, String> names;

  /**
   * A state dict.
   *
   * @param names module for the layer at a path, such as {@code sequential.lstm0 -> encoder.rnn.l0}
   */
  PyTorchWeights(Safetensors file, String except, Map<String, String> names) {
    this.names = Map.copyOf(names);
    this.tensors = new TreeMap<>(NATURAL);
    file.entries()
        .forEach(
            (name, entry) -> {
              if (except.isEmpty() || !name.startsWith(except)) {
                tensors.put(name, new Tensor(name, entry.shape(), file.floats(name)));
              }
            });
  }

  /** So that layer 10 comes behind layer 9: numbers inside names by their value. */
  private static final Comparator<String> NATURAL =
      Comparator.comparing((String name) -> padded(name)).thenComparing(Comparator.naturalOrder());

  private static String padded(String name) {
    StringBuilder padded = new StringBuilder();
    for (String part : name.split("(?<=\\D)(?=\\d)|(?<=\\d)(?=\\D)", -1)) {
      boolean number = !part.isEmpty() && Character.isDigit(part.charAt(0));
      padded.append(number ? "0".repeat(Math.max(0, 9 - part.length())) : "").append(part);
    }
    return padded.toString();
  }

  @Override
  public float[] weights(Leaf leaf) {
    if (Gates.has(leaf.spec())) {
      return recurrent(leaf, leaf.spec(), false);
    }
    if (leaf.spec() instanceof Bidirectional both && Gates.has(both.layer())) {
      return recurrent(leaf, both.layer(), true);
    }
    if (leaf.spec() instanceof Dense dense) {
      return linear(leaf, dense.units());
    }
    if (leaf.spec() instanceof Embedding embedding) {
      return table(leaf, List.of(embedding.vocabulary(), embedding.units()));
    }
    throw new InterchangeException(
        "%s: weights of PyTorch are taken for rnn, lstm, gru, these both ways, embedding and dense"
            .formatted(leaf.path()));
  }

  @Override
  public List<String> unused() {
    return List.copyOf(tensors.keySet());
  }

  private float[] linear(Leaf leaf, int units) {
    List<Integer> shape = List.of(units, leaf.in());
    Module module = module(leaf, LINEAR, "nn.Linear with weight " + shape, shape);
    Tensor bias = tensors.remove(module.tensor("bias"));
    return Gates.join(
        take(module.tensor("weight")).transposed().data(),
        bias == null ? new float[units] : bias.shaped(units).data());
  }

  private float[] table(Leaf leaf, List<Integer> shape) {
    Module module = module(leaf, LINEAR, "nn.Embedding with weight " + shape, shape);
    return take(module.tensor("weight")).data();
  }

  private float[] recurrent(Leaf leaf, LayerSpec spec, boolean bothWays) {
    if (spec instanceof Gru gru && !gru.resetAfter()) {
      throw new InterchangeException(
          leaf.path() + ": a GRU of PyTorch resets after the product: set resetAfter to true");
    }
    String order = order(spec);
    List<Integer> shape = List.of(order.length() * Gates.units(spec), leaf.in());
    Module module = module(leaf, RECURRENT, "recurrent module with weight_ih " + shape, shape);
    float[] ahead = gates(leaf, order, Gates.units(spec), module).toEddy(spec);
    if (!bothWays) {
      return ahead;
    }
    Module way = new Module(module.prefix(), module.suffix() + "_reverse");
    return Gates.join(ahead, gates(leaf, order, Gates.units(spec), way).toEddy(spec));
  }

  private static String order(LayerSpec spec) {
    return spec instanceof Lstm ? "ifgo" : spec instanceof Gru ? "rzn" : "n";
  }

  private Gates gates(Leaf leaf, String gates, int units, Module module) {
    return Gates.of(
        gates,
        leaf.in(),
        units,
        take(module.tensor("weight_ih")).transposed(),
        take(module.tensor("weight_hh")).transposed(),
        tensors.remove(module.tensor("bias_ih")),
        tensors.remove(module.tensor("bias_hh")));
  }

  /**
   * Where one layer's tensors lie: {@code prefix + "weight_ih" + suffix}.
   *
   * @param prefix empty, or a path that ends in a point
   * @param suffix empty, or the layer and direction inside a stack: {@code _l0_reverse}
   */
  private record Module(String prefix, String suffix) {
    String tensor(String kind) {
      return prefix + kind + suffix;
    }

    /** How people call it: {@code encoder.rnn.l0_reverse}. */
    String name() {
      String path = prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1);
      String layer = suffix.isEmpty() ? "" : suffix.substring(1);
      return path.isEmpty() || layer.isEmpty() ? path + layer : path + "." + layer;
    }
  }

  /** The module named by the caller, or the first left that fits. */
  private Module module(Leaf leaf, Pattern weight, String what, List<Integer> shape) {
    String wanted = names.get(leaf.path());
    List<String> left = new ArrayList<>();
    for (Tensor tensor : tensors.values()) {
      Matcher name = weight.matcher(tensor.name());
      if (name.matches()) {
        Module module = new Module(group(name, 1), group(name, 2));
        boolean fits = tensor.shape().equals(shape);
        if (wanted == null ? fits : wanted.equals(module.name())) {
          tensor.shaped(shape.toArray(new Integer[0]));
          return module;
        }
        left.add("%s %s".formatted(module.name(), tensor.shape()));
      }
    }
    throw new InterchangeException(
        "%s needs a%s %s, the file has left %s"
            .formatted(leaf.path(), wanted == null ? "" : " module " + wanted + ", a", what, left));
  }

  private static String group(Matcher matcher, int group) {
    String text = matcher.group(group);
    return text == null ? "" : text;
  }

  private Tensor take(String name) {
    Tensor tensor = tensors.remove(name);
    if (tensor == null) {
      throw new InterchangeException("the file lacks tensor '%s'".formatted(name));
    }
    if (tensor.rank() != 2) {
      throw new InterchangeException(
          "tensor '%s' should be a matrix, it is %s".formatted(name, tensor.shape()));
    }
    return tensor;
  }
}
