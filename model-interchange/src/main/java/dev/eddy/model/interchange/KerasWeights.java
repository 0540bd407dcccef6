package dev.eddy.model.interchange;

import dev.eddy.model.layer.Bidirectional;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.Embedding;
import dev.eddy.model.layer.Gru;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lstm;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Weights of Keras in HDF5, in either of its layouts:
 *
 * <pre>
 * .keras, .weights.h5   layers/lstm/cell/vars/0, 1, 2      named by kind, numbered within it: lstm_1
 * .h5 of whole models   model_weights/NAME, its weights in the order of the attribute weight_names
 *
 * LSTM       kernel [I][4H], recurrent_kernel [H][4H], bias [4H]       gates i f c o
 * GRU        the same with 3H; reset_after: bias [2][3H], input's      gates z r h
 *            and state's
 * SimpleRNN  the same with H
 * Dense      kernel [I][O], bias [O]
 * Embedding  embeddings [V][O]
 * </pre>
 */
final class KerasWeights implements WeightSource {
  private static final String BY_KIND = "layers";

  /** Where a layer's variables lie, in this order. */
  private static final List<String> INSIDE =
      List.of(
          "/vars",
          "/cell/vars",
          "/layer/vars",
          "/forward_layer/cell/vars",
          "/backward_layer/cell/vars");

  private final HdfTensors file;
  private final String root;
  private final List<String> left = new ArrayList<>(); // groups with weights not yet taken
  private final Map<String, Integer> taken = new HashMap<>();

  KerasWeights(HdfTensors file) {
    this.file = file;
    this.root = file.has("model_weights") ? "model_weights/" : "";
    if (byKind()) {
      file.children(BY_KIND).stream()
          .filter(name -> holdsData(BY_KIND + "/" + name, 0))
          .forEach(left::add);
      return;
    }
    List<String> names = file.texts(root, "layer_names");
    if (names == null) {
      throw new InterchangeException(
          "not a weight file of Keras: it has neither 'layers' nor 'layer_names'");
    }
    names.stream().filter(name -> !weightNames(name).isEmpty()).forEach(left::add);
  }

  private boolean byKind() {
    return root.isEmpty() && file.has(BY_KIND);
  }

  private boolean holdsData(String path, int depth) {
    List<String> children = file.children(path);
    return children.contains("0")
        || (depth < 4
            && children.stream().anyMatch(child -> holdsData(path + "/" + child, depth + 1)));
  }

  private List<String> weightNames(String layer) {
    List<String> names = file.texts(root + layer, "weight_names");
    return names == null ? List.of() : names;
  }

  @Override
  public List<String> unused() {
    return List.copyOf(left);
  }

  @Override
  public float[] weights(Leaf leaf) {
    LayerSpec spec = leaf.spec();
    if (Gates.has(spec)) {
      return gates(leaf, spec, tensors(leaf, 2, 3)).toEddy(spec);
    }
    if (spec instanceof Bidirectional both && Gates.has(both.layer())) {
      List<Tensor> tensors = tensors(leaf, 4, 6);
      int half = tensors.size() / 2;
      return Gates.join(
          gates(leaf, both.layer(), tensors.subList(0, half)).toEddy(both.layer()),
          gates(leaf, both.layer(), tensors.subList(half, tensors.size())).toEddy(both.layer()));
    }
    if (spec instanceof Dense dense) {
      return dense(leaf, dense, tensors(leaf, 1, 2));
    }
    if (spec instanceof Embedding embedding) {
      return tensors(leaf, 1, 1).get(0).shaped(embedding.vocabulary(), embedding.units()).data();
    }
    throw new InterchangeException(
        "%s: weights of Keras are taken for rnn, lstm, gru, these both ways, embedding and dense"
            .formatted(leaf.path()));
  }

  private static float[] dense(Leaf leaf, Dense dense, List<Tensor> tensors) {
    int units = dense.units();
    float[] bias = tensors.size() == 1 ? new float[units] : tensors.get(1).shaped(units).data();
    return Gates.join(tensors.get(0).shaped(leaf.in(), units).data(), bias);
  }

  private static Gates gates(Leaf leaf, LayerSpec spec, List<Tensor> tensors) {
    Tensor bias = tensors.size() == 2 ? null : tensors.get(2);
    Tensor recurrentBias = null;
    if (bias != null && spec instanceof Gru gru) {
      if (gru.resetAfter() != (bias.rank() == 2)) {
        throw new InterchangeException(
            "%s: its bias is %s, which resets %s the product: set resetAfter so"
                .formatted(leaf.path(), bias.shape(), bias.rank() == 2 ? "after" : "before"));
      }
      if (gru.resetAfter()) {
        bias.shaped(2, 3 * gru.units());
        recurrentBias = bias.part(1);
        bias = bias.part(0);
      }
    }
    int units = Gates.units(spec);
    return Gates.of(
        order(spec), leaf.in(), units, tensors.get(0), tensors.get(1), bias, recurrentBias);
  }

  private static String order(LayerSpec spec) {
    return spec instanceof Lstm ? "ifgo" : spec instanceof Gru ? "zrn" : "n";
  }

  /** The tensors of the layer's turn. */
  private List<Tensor> tensors(Leaf leaf, int least, int most) {
    List<Tensor> tensors = byKind() ? next(leaf) : nextByName(leaf);
    if (tensors.size() < least || tensors.size() > most) {
      throw new InterchangeException(
          "%s takes from %d to %d tensors, the file has %s"
              .formatted(leaf.path(), least, most, tensors.stream().map(Tensor::name).toList()));
    }
    return tensors;
  }

  /** The next layer of this kind. */
  private List<Tensor> next(Leaf leaf) {
    for (String kind : kinds(leaf.spec())) {
      int number = taken.getOrDefault(kind, 0);
      String name = number == 0 ? kind : kind + "_" + number;
      if (left.remove(name)) {
        taken.merge(kind, 1, Integer::sum);
        return all(BY_KIND + "/" + name);
      }
    }
    throw nothingLeft(leaf);
  }

  private InterchangeException nothingLeft(Leaf leaf) {
    return new InterchangeException(
        "%s has no weights in the file, which has left %s".formatted(leaf.path(), left));
  }

  /** What Keras calls a layer; a dense one may stand in a wrapper. */
  private static List<String> kinds(LayerSpec spec) {
    return switch (spec.kind()) {
      case "rnn" -> List.of("simple_rnn");
      case "dense" -> List.of("dense", "time_distributed");
      default -> List.of(spec.kind());
    };
  }

  private List<Tensor> all(String path) {
    List<Tensor> tensors = new ArrayList<>();
    for (String inside : INSIDE) {
      for (int i = 0; file.has(path + inside + "/" + i); i++) {
        tensors.add(file.tensor(path + inside + "/" + i));
      }
    }
    return tensors;
  }

  private List<Tensor> nextByName(Leaf leaf) {
    if (left.isEmpty()) {
      throw nothingLeft(leaf);
    }
    String layer = left.remove(0);
    List<Tensor> tensors = new ArrayList<>();
    for (String name : weightNames(layer)) {
      tensors.add(file.tensor(root + layer + "/" + name));
    }
    return tensors;
  }
}
