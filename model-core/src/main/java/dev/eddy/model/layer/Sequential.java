package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;
import java.util.ArrayList;
import java.util.List;

/**
 * Layers one after another: each takes what the one before gives, the first takes the whole input
 * bundle. The bundle's sides are there for all of them.
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
      shape = Children.naming(kind(), layers, i, () -> layer.outputShape(in)).withSidesOf(input);
    }
    return shape.withoutSides();
  }

  @Override
  public Layer build(Shape input) {
    List<Layer> built = new ArrayList<>();
    Shape shape = input;
    for (int i = 0; i < layers.size(); i++) {
      LayerSpec layer = layers.get(i);
      Shape in = shape;
      built.add(Children.naming(kind(), layers, i, () -> layer.build(in)));
      shape = Children.naming(kind(), layers, i, () -> layer.outputShape(in)).withSidesOf(input);
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
      for (int i = 0; i < children.parts().size(); i++) { // an iterator would be an object a step
        Children.Child child = children.parts().get(i);
        bundle =
            child
                .layer()
                .forward(
                    child.params(params),
                    bundle.withSidesOf(input),
                    child.state(state, context),
                    context);
      }
      return bundle;
    }

    @Override
    public Bundle backward(
        Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
      Bundle bundle = dOutput;
      Bundle dSides = Bundle.none();
      for (int i = children.parts().size() - 1; i >= 0; i--) {
        bundle = back(i, params, bundle, dState, context, grads);
        dSides = Gradients.plusSides(dSides, bundle, context);
      }
      return bundle.withSidesOf(dSides);
    }

    @Override
    public void backwardToWeights(
        Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
      Bundle bundle = dOutput;
      for (int i = children.parts().size() - 1; i > 0; i--) {
        bundle = back(i, params, bundle, dState, context, grads);
      }
      Children.Child first = children.parts().get(0);
      first
          .layer()
          .backwardToWeights(
              first.params(params), bundle, first.state(dState), context, first.params(grads));
    }

    private Bundle back(
        int i, Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
      Children.Child child = children.parts().get(i);
      return child
          .layer()
          .backward(
              child.params(params), dOutput, child.state(dState), context, child.params(grads));
    }

    @Override
    public void initialState(Slice params, StateSlice state, int b) {
      children.initialState(params, state, b);
    }

    @Override
    public void initialStateBack(Slice params, StateSlice dState, int b, Slice grads) {
      children.initialStateBack(params, dState, b, grads);
    }
  }
}
