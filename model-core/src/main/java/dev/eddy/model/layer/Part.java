package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;
import java.util.List;

/**
 * Makes a named part of the input the main one: where a branch of a {@link Concat} or a {@link Sum}
 * over several inputs begins. No weights.
 *
 * @param name the part, of floats
 */
public record Part(String name) implements LayerSpec {

  /** Checks that there is a name. */
  public Part {
    if (name == null || name.isEmpty()) {
      throw new IllegalArgumentException("part: needs the name of a part of the input");
    }
  }

  @Override
  public String kind() {
    return "part";
  }

  @Override
  public Shape outputShape(Shape input) {
    return Shape.of(ShapeException.width(this, input, name));
  }

  @Override
  public Layer build(Shape input) {
    outputShape(input);
    return new Built(name);
  }

  private record Built(String name) implements Layer {
    @Override
    public List<Param> params() {
      return List.of();
    }

    @Override
    public int stateSize() {
      return 0;
    }

    @Override
    public boolean causal() {
      return true;
    }

    @Override
    public Bundle forward(Slice params, Bundle input, StateSlice state, Context context) {
      return input.onlyMain(input.floats(name));
    }

    @Override
    public Bundle backward(
        Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
      return Bundle.of(name, dOutput.main());
    }
  }
}
