package dev.eddy.model.layer;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.eddy.model.seq.Bundle;
import java.util.List;

/**
 * All that there is as one vector: the steps of a sequence joined to one step, or the image in each
 * step, inside {@link TimeDistributed}, as plain floats. docs/layers/pooling.md.
 *
 * @param steps how many steps are joined; of a shorter sequence the rest is zero, a longer one is
 *     an error. 0: each step stays for itself, and an image is {@code height * width * channels}
 *     floats
 */
public record Flatten(@JsonInclude(JsonInclude.Include.NON_DEFAULT) int steps)
    implements LayerSpec {

  /** Checks the number. */
  public Flatten {
    if (steps < 0 || steps > Limits.STEPS) {
      throw new IllegalArgumentException(
          "flatten: steps must be from 0 to %,d, got %d".formatted(Limits.STEPS, steps));
    }
  }

  @Override
  public String kind() {
    return "flatten";
  }

  @Override
  public Shape outputShape(Shape input) {
    long width = (long) ShapeException.width(this, input, Bundle.MAIN) * Math.max(steps, 1);
    if (width > Limits.UNITS) {
      throw new ShapeException(
          kind(),
          "%d steps of %d floats are more than the %,d a step may have"
              .formatted(steps, input.main(), Limits.UNITS));
    }
    return Shape.of((int) width);
  }

  @Override
  public Layer build(Shape input) {
    outputShape(input);
    int in = input.main();
    return steps == 0 ? new Same() : new Regroup(in, steps, steps, 1, in, 0, steps);
  }

  /** An image lies as the floats that it is flattened to. */
  private record Same() implements Layer {
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
      return input.onlyMain(input.main());
    }

    @Override
    public Bundle backward(
        Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
      return dOutput;
    }
  }
}
