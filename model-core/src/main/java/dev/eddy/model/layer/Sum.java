package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.ArrayList;
import java.util.List;

/**
 * Layers side by side, each taking the whole input bundle; the output is the sum of theirs. The way
 * to put a skip path beside a recurrent one.
 *
 * @param terms at least one; all give the same width
 */
public record Sum(List<LayerSpec> terms) implements LayerSpec {

  /** Keeps a copy. */
  public Sum {
    if (terms == null || terms.isEmpty()) {
      throw new IllegalArgumentException("sum: needs at least one term");
    }
    terms = List.copyOf(terms);
  }

  /** The sum of these. */
  public static Sum of(LayerSpec... terms) {
    return new Sum(List.of(terms));
  }

  @Override
  public String kind() {
    return "sum";
  }

  @Override
  public Shape outputShape(Shape input) {
    Shape first = null;
    for (int i = 0; i < terms.size(); i++) {
      LayerSpec term = terms.get(i);
      Shape shape = Children.naming(kind(), terms, i, () -> term.outputShape(input));
      if (first != null && !first.equals(shape)) {
        throw new ShapeException(
            kind() + "." + Children.name(terms, i),
            "gives %s, the first term gives %s: all terms of a sum must give the same"
                .formatted(shape.widths(), first.widths()));
      }
      first = shape;
    }
    return first;
  }

  @Override
  public Layer build(Shape input) {
    outputShape(input);
    List<Layer> built = new ArrayList<>();
    for (int i = 0; i < terms.size(); i++) {
      LayerSpec term = terms.get(i);
      built.add(Children.naming(kind(), terms, i, () -> term.build(input)));
    }
    return new Built(Children.of(terms, built));
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
      Bundle sum = null;
      for (Children.Child child : children.parts()) {
        Bundle term =
            child
                .layer()
                .forward(child.params(params), input, child.state(state, context), context);
        sum = sum == null ? term : plus(sum, term.main(), context);
      }
      return sum.onlyMain(sum.main());
    }

    private static Bundle plus(Bundle sum, FloatSeq term, Context context) {
      if (term.time() != sum.time()) {
        throw new IllegalArgumentException(
            "sum: its first term makes %d steps, another %d; they must make the same"
                .formatted(sum.time(), term.time()));
      }
      return sum.onlyMain(Gradients.plus(sum.main(), term, context));
    }

    @Override
    public Bundle backward(
        Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
      Bundle dInput = Bundle.none();
      for (int i = children.parts().size() - 1; i >= 0; i--) {
        Children.Child child = children.parts().get(i);
        Bundle part =
            child
                .layer()
                .backward(
                    child.params(params),
                    dOutput,
                    child.state(dState),
                    context,
                    child.params(grads));
        dInput = Gradients.plus(dInput, part, context);
      }
      return dInput;
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
