package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.ArrayList;
import java.util.List;

/**
 * Layers side by side, each taking the whole input bundle; a step of the output is the steps of
 * theirs, one after the other. Joins several inputs: a branch begins with {@link Part}, or reads
 * its part by itself. docs/layers/containers.md.
 *
 * @param branches at least one; all give as many steps
 */
public record Concat(List<LayerSpec> branches) implements LayerSpec {

  /** Keeps a copy. */
  public Concat {
    if (branches == null || branches.isEmpty()) {
      throw new IllegalArgumentException("concat: needs at least one branch");
    }
    branches = List.copyOf(branches);
  }

  /** These, in this order. */
  public static Concat of(LayerSpec... branches) {
    return new Concat(List.of(branches));
  }

  @Override
  public String kind() {
    return "concat";
  }

  @Override
  public Shape outputShape(Shape input) {
    long width = 0;
    for (int branch : widths(input)) {
      width += branch;
    }
    if (width > Limits.UNITS) {
      throw new ShapeException(
          kind(), "its branches give %,d floats, at most %,d".formatted(width, Limits.UNITS));
    }
    return Shape.of((int) width);
  }

  private List<Integer> widths(Shape input) {
    List<Integer> widths = new ArrayList<>();
    for (int i = 0; i < branches.size(); i++) {
      LayerSpec branch = branches.get(i);
      widths.add(Children.naming(kind(), branches, i, () -> branch.outputShape(input)).main());
    }
    return widths;
  }

  @Override
  public Layer build(Shape input) {
    int width = outputShape(input).main();
    List<Layer> built = new ArrayList<>();
    for (int i = 0; i < branches.size(); i++) {
      LayerSpec branch = branches.get(i);
      built.add(Children.naming(kind(), branches, i, () -> branch.build(input)));
    }
    return new Built(Children.of(branches, built), List.copyOf(widths(input)), width);
  }

  private record Built(Children children, List<Integer> widths, int width) implements Layer {
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
      Bundle first = null;
      FloatSeq joined = null;
      int at = 0;
      for (Children.Child child : children.parts()) {
        Bundle output =
            child
                .layer()
                .forward(child.params(params), input, child.state(state, context), context);
        FloatSeq y = output.main();
        if (first == null) {
          first = output;
          joined =
              new FloatSeq(
                  y.time(), y.batch(), width, context.floats(y.time() * y.batch() * width));
        } else if (y.time() != joined.time()) {
          throw new IllegalArgumentException(
              "concat: its first branch makes %d steps, another %d; they must make the same"
                  .formatted(joined.time(), y.time()));
        }
        copy(y, 0, joined, at, y.width());
        at += y.width();
      }
      return first.onlyMain(joined);
    }

    @Override
    public Bundle backward(
        Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
      FloatSeq dJoined = dOutput.main();
      Bundle dInput = Bundle.none();
      int at = width;
      for (int i = children.parts().size() - 1; i >= 0; i--) {
        int columns = widths.get(i);
        at -= columns;
        int floats = dJoined.time() * dJoined.batch() * columns;
        FloatSeq dy =
            new FloatSeq(dJoined.time(), dJoined.batch(), columns, context.floats(floats));
        copy(dJoined, at, dy, 0, columns);
        Children.Child child = children.parts().get(i);
        Bundle part =
            child
                .layer()
                .backward(
                    child.params(params),
                    dOutput.onlyMain(dy),
                    child.state(dState),
                    context,
                    child.params(grads));
        dInput = Gradients.plus(dInput, part, context);
      }
      return dInput;
    }

    /** Copies some columns of every row. to: Modified. */
    private static void copy(FloatSeq from, int fromAt, FloatSeq to, int toAt, int columns) {
      for (int r = 0; r < from.time() * from.batch(); r++) {
        System.arraycopy(
            from.data(), r * from.width() + fromAt, to.data(), r * to.width() + toAt, columns);
      }
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
