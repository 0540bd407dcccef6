package dev.eddy.model.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The layers inside a container: each with its name (kind and position: {@code lstm0}) and its
 * place in the container's weights and state.
 *
 * @param parts in order
 * @param params every child's weights under the child's name
 * @param stateSize floats of state of all children
 */
record Children(List<Child> parts, List<Param> params, int stateSize) {

  /** One child and where its weights and state begin. */
  record Child(Layer layer, int paramsAt, int paramSize, int stateAt) {
    Slice params(Slice container) {
      return container.sub(paramsAt, paramSize);
    }

    StateSlice state(StateSlice container) {
      return container.sub(stateAt, layer.stateSize());
    }

    /** The same in a pass forward. */
    StateSlice state(StateSlice container, Context context) {
      return container.sub(stateAt, layer.stateSize(), context);
    }
  }

  static Children of(List<LayerSpec> specs, List<Layer> layers) {
    List<Child> parts = new ArrayList<>();
    List<Param> params = new ArrayList<>();
    int paramsAt = 0;
    int stateAt = 0;
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      int paramSize = layer.paramSize();
      parts.add(new Child(layer, paramsAt, paramSize, stateAt));
      paramsAt = (int) Limits.weights(paramsAt, paramSize);
      stateAt = (int) Limits.state(stateAt, layer.stateSize());
      for (Param param : layer.params()) {
        params.add(param.under(name(specs, i)));
      }
    }
    return new Children(List.copyOf(parts), List.copyOf(params), stateAt);
  }

  /** The name of child i in paths. */
  static String name(List<LayerSpec> specs, int i) {
    return specs.get(i).kind() + i;
  }

  /** Runs something on child i; a complaint about shapes gets the child's name into its path. */
  static <T> T naming(String container, List<LayerSpec> specs, int i, Supplier<T> action) {
    try {
      return action.get();
    } catch (ShapeException e) {
      throw e.inside(container, name(specs, i));
    }
  }

  /**
   * Runs something on the sequence of layers that is all of a container; a complaint about shapes
   * is told by the container.
   */
  static <T> T as(String container, Supplier<T> sequence) {
    try {
      return sequence.get();
    } catch (ShapeException e) {
      throw e.toldBy(container);
    }
  }

  boolean causal() {
    return parts.stream().allMatch(child -> child.layer().causal());
  }

  void initialState(Slice params, StateSlice state, int b) {
    for (Child child : parts) {
      child.layer().initialState(child.params(params), child.state(state), b);
    }
  }

  void initialStateBack(Slice params, StateSlice dState, int b, Slice grads) {
    for (Child child : parts) {
      child
          .layer()
          .initialStateBack(child.params(params), child.state(dState), b, child.params(grads));
    }
  }
}
