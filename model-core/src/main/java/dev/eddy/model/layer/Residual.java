package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.List;

/**
 * A layer with a path around it: {@code y = x + layer(x)} (He et al. 2016). Derivation:
 * docs/layers/normalisation-and-dropout.md.
 *
 * @param layer gives what it takes: as wide, as many steps
 */
public record Residual(LayerSpec layer) implements LayerSpec {

  /** Checks that there is a layer. */
  public Residual {
    if (layer == null) {
      throw new IllegalArgumentException("residual: needs a layer");
    }
  }

  @Override
  public String kind() {
    return "residual";
  }

  @Override
  public Shape outputShape(Shape input) {
    int width = ShapeException.width(this, input, Bundle.MAIN);
    List<LayerSpec> layers = List.of(layer);
    Shape output = Children.naming(kind(), layers, 0, () -> layer.outputShape(input));
    if (output.main() != width) {
      throw new ShapeException(
          kind() + "." + Children.name(layers, 0),
          "gives width %d, but is added to an input of width %d: make them the same"
              .formatted(output.main(), width));
    }
    return output;
  }

  @Override
  public Layer build(Shape input) {
    outputShape(input);
    List<LayerSpec> layers = List.of(layer);
    Layer built = Children.naming(kind(), layers, 0, () -> layer.build(input));
    return new Built(Children.of(layers, List.of(built)));
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

    private Layer layer() {
      return children.parts().get(0).layer();
    }

    @Override
    public Bundle forward(Slice params, Bundle input, StateSlice state, Context context) {
      Bundle output = layer().forward(params, input, state, context);
      FloatSeq x = input.main();
      FloatSeq y = output.main();
      if (x.time() != y.time()) {
        throw new IllegalArgumentException(
            "residual: its layer makes %d steps of %d; it must keep them"
                .formatted(y.time(), x.time()));
      }
      return output.onlyMain(Gradients.plus(x, y, context));
    }

    @Override
    public Bundle backward(
        Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
      Bundle dInput = layer().backward(params, dOutput, dState, context, grads);
      return Gradients.plus(dInput, Bundle.of(dOutput.main()), context);
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
