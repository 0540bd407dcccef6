package dev.eddy.model.interchange;

import dev.eddy.model.layer.Concat;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Residual;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.layer.Sum;
import dev.eddy.model.net.Network;
import java.util.ArrayList;
import java.util.List;

/**
 * A layer that is no container, and where its weights lie in the network's.
 *
 * @param path where it stands: {@code sequential.lstm0}
 * @param spec what it is
 * @param input what it takes
 * @param at where its weights begin
 * @param size how many they are
 */
record Leaf(String path, LayerSpec spec, Shape input, int at, int size) {

  /** Floats in a step of its input. */
  int in() {
    return input.main();
  }

  /** The layers of a network, in the order of their weights. */
  static List<Leaf> of(Network network) {
    List<Leaf> leaves = new ArrayList<>();
    String root = network.spec().kind();
    int end = add(leaves, root, network.spec(), network.input(), 0);
    if (end != network.weightCount()) {
      throw new IllegalStateException(
          "the layers of a network have %d weights, the network has %d"
              .formatted(end, network.weightCount()));
    }
    return leaves;
  }

  private static int add(List<Leaf> leaves, String path, LayerSpec spec, Shape input, int from) {
    int at = from;
    if (spec instanceof Sequential sequential) {
      Shape shape = input;
      List<LayerSpec> layers = sequential.layers();
      for (int i = 0; i < layers.size(); i++) {
        at = add(leaves, path + "." + layers.get(i).kind() + i, layers.get(i), shape, at);
        shape = layers.get(i).outputShape(shape).withSidesOf(shape);
      }
      return at;
    }
    if (spec instanceof Sum sum) {
      return addAll(leaves, path, sum.terms(), input, from);
    }
    if (spec instanceof Concat concat) {
      return addAll(leaves, path, concat.branches(), input, from);
    }
    if (spec instanceof Residual residual) {
      return addAll(leaves, path, List.of(residual.layer()), input, from);
    }
    int size = spec.build(input).paramSize();
    leaves.add(new Leaf(path, spec, input, at, size));
    return at + size;
  }

  /** Layers side by side, each of the whole input. */
  private static int addAll(
      List<Leaf> leaves, String path, List<LayerSpec> layers, Shape input, int from) {
    int at = from;
    for (int i = 0; i < layers.size(); i++) {
      at = add(leaves, path + "." + layers.get(i).kind() + i, layers.get(i), input, at);
    }
    return at;
  }
}
