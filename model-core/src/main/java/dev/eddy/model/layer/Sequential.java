package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;
import java.util.ArrayList;
import java.util.List;

/**
 * Layers one after another: each takes what the one before gives, the first takes the whole input
 * bundle.
 *
 * @param layers first to last
 */
public record Sequential(List<LayerSpec> layers) implements LayerSpec {

  /** Keeps a copy. */
  public Sequential {
    if (layers == null || layers.isEmpty()) {
      throw new IllegalArgumentException("sequential: needs at least one layer");
    }
    layers = List.copyOf(layers);
  }

  /** These layers, first to last. */
  public static Sequential of(LayerSpec... layers) {
    return new Sequential(List.of(layers));
  }

  @Override
  public String kind() {
    return "sequential";
  }

  @Override
  public Shape outputShape(Shape input) {
    Shape shape = input;
    for (int i = 0; i < layers.size(); i++) {
      LayerSpec layer = layers.get(i);
      Shape in = shape;
      shape = Children.naming(kind(), layers, i, () -> layer.outputShape(in));
    }
    return shape;
  }

  @Override
  public Layer build(Shape input) {
    List<Layer> built = new ArrayList<>();
    Shape shape = input;
    for (int i = 0; i < layers.size(); i++) {
      LayerSpec layer = layers.get(i);
      Shape in = shape;
      built.add(Children.naming(kind(), layers, i, () -> layer.build(in)));
      shape = Children.naming(kind(), layers, i, () -> layer.outputShape(in));
    }
    return new Built(Children.of(layers, built));
  }

  private record Built(Children children) implements Layer {
    @Override
    public List<Param> params() {
      return children.params();
    }

    @Override
    public int stateSize() {
      return children.stateSize();
    }

    @Override
    public boolean causal() {
      return children.causal();
    }

    @Override
    public Bundle forward(Slice params, Bundle input, StateSlice state, Context context) {
      Bundle bundle = input;
      for (Children.Child child : children.parts()) {
        bundle = child.layer().forward(child.params(params), bundle, child.state(state), context);
      }
      return bundle;
    }

    @Override
    public Bundle backward(Slice params, Bundle dOutput, Context context, Slice grads) {
      Bundle bundle = dOutput;
      for (int i = children.parts().size() - 1; i >= 0; i--) {
        Children.Child child = children.parts().get(i);
        bundle = child.layer().backward(child.params(params), bundle, context, child.params(grads));
      }
      return bundle;
    }

    @Override
    public void initialState(Slice params, StateSlice state, int b) {
      children.initialState(params, state, b);
    }
  }
}
