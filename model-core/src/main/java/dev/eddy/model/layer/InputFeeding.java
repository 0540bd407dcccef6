package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.List;

/**
 * A layer that reads, beside its input, the first floats of its own output of the step before
 * (Luong, Pham and Manning 2015, section 3.3): {@code y_t = layer([x_t, y_{t-1}])}, zeros before
 * the first step. With an attention layer inside, the decoder knows where it looked last:
 *
 * <pre>
 * input-feeding(width H): lstm(H), dot-attention, dense(H, tanh)      Luong et al.
 * input-feeding(width M): gru(H), additive-attention                  Bahdanau, Cho and Bengio
 * </pre>
 *
 * <p>The state of an entity is the layer's, then the floats fed. Steps that are not real keep it
 * and give zeros. The steps run one by one, so this costs more than a layer that takes a sequence
 * at once. Derivation: docs/layers/encoder-decoder.md.
 *
 * @param layer gives one step for each, and is causal; several are a sequential
 * @param width how many floats of its output are fed: at most all
 */
public record InputFeeding(LayerSpec layer, int width) implements LayerSpec {

  /** Checks the numbers. */
  public InputFeeding {
    if (layer == null) {
      throw new IllegalArgumentException("input-feeding: needs a layer");
    }
    if (width < 1 || width > Limits.UNITS) {
      throw new IllegalArgumentException(
          "input-feeding: width must be from 1 to %,d, got %d".formatted(Limits.UNITS, width));
    }
  }

  @Override
  public String kind() {
    return "input-feeding";
  }

  private Shape inside(Shape input) {
    int fed = ShapeException.width(this, input, Bundle.MAIN) + width;
    return Shape.of(fed).withSidesOf(input);
  }

  @Override
  public Shape outputShape(Shape input) {
    Shape inside = inside(input);
    Shape output =
        Children.naming(kind(), List.of(layer), 0, () -> layer.outputShape(inside)).withoutSides();
    if (output.main() < width) {
      throw new ShapeException(
          kind(),
          "feeds %d floats of an output of only %d: make width at most that"
              .formatted(width, output.main()));
    }
    return output;
  }

  @Override
  public Layer build(Shape input) {
    int out = outputShape(input).main();
    Shape inside = inside(input);
    Layer built = Children.naming(kind(), List.of(layer), 0, () -> layer.build(inside));
    if (!built.causal()) {
      throw new ShapeException(
          kind() + "." + Children.name(List.of(layer), 0),
          "needs the whole sequence, but is fed its own output step by step: take a causal layer");
    }
    return new Built(Children.of(List.of(layer), List.of(built)), input.main(), width, out);
  }

  private record Built(Children children, int in, int width, int out) implements Layer {
    private record Trace(Bundle input) {}

    private Children.Child child() {
      return children.parts().get(0);
    }

    @Override
    public List<Param> params() {
      return children.params();
    }

    @Override
    public int stateSize() {
      return (int) Limits.state(children.stateSize(), width);
    }

    @Override
    public boolean causal() {
      return true;
    }

    private StateSlice fed(StateSlice state) {
      return state.sub(children.stateSize(), width);
    }

    @Override
    public Bundle forward(Slice params, Bundle input, StateSlice state, Context context) {
      FloatSeq x = input.main();
      StateSlice fed = fed(state);
      float[] y = context.floats(x.time() * x.batch() * out);
      for (int t = 0; t < x.time(); t++) {
        Bundle step = step(input, t, fed, context);
        FloatSeq given =
            child()
                .layer()
                .forward(child().params(params), step, child().state(state, context), context)
                .main();
        if (given.time() != 1) {
          throw new IllegalArgumentException(
              "input-feeding: its layer gave %d steps for one: take one that keeps the steps"
                  .formatted(given.time()));
        }
        for (int b = 0; b < x.batch(); b++) {
          if (input.real(t, b)) {
            System.arraycopy(given.data(), b * out, y, (t * x.batch() + b) * out, out);
            System.arraycopy(given.data(), b * out, fed.data(), fed.row(b), width);
          }
        }
      }
      context.push(new Trace(input));
      return context.output(input, out, y);
    }

    /** What the layer gets at time index t. fed: Not modified. */
    private Bundle step(Bundle input, int t, StateSlice fed, Context context) {
      FloatSeq x = input.main();
      int wide = in + width;
      float[] data = context.floats(x.batch() * wide);
      for (int b = 0; b < x.batch(); b++) {
        System.arraycopy(x.data(), x.at(t, b), data, b * wide, in);
        System.arraycopy(fed.data(), fed.row(b), data, b * wide + in, width);
      }
      Bundle step = Bundle.of(new FloatSeq(1, x.batch(), wide, data)).withSidesOf(input);
      return input.allReal() ? step : step.withMask(real(input, t));
    }

    private static boolean[] real(Bundle input, int t) {
      boolean[] real = new boolean[input.batch()];
      for (int b = 0; b < real.length; b++) {
        real[b] = input.real(t, b);
      }
      return real;
    }

    @Override
    public Bundle backward(
        Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
      Bundle input = context.pop(Trace.class).input();
      int batch = input.batch();
      StateSlice dFed = fed(dState);
      float[] dx = context.floats(input.time() * batch * in);
      Bundle dSides = Bundle.none();
      for (int t = input.time() - 1; t >= 0; t--) {
        float[] dy = stepGradient(input, t, dOutput.main().data(), dFed, context);
        Bundle dStep =
            child()
                .layer()
                .backward(
                    child().params(params),
                    Bundle.of(new FloatSeq(1, batch, out, dy)),
                    child().state(dState),
                    context,
                    child().params(grads));
        float[] d = dStep.main().data();
        for (int b = 0; b < batch; b++) {
          if (input.real(t, b)) {
            System.arraycopy(d, b * (in + width), dx, (t * batch + b) * in, in);
            System.arraycopy(d, b * (in + width) + in, dFed.data(), dFed.row(b), width);
          }
        }
        dSides = Gradients.plusSides(dSides, dStep, context);
      }
      return Bundle.of(new FloatSeq(input.time(), batch, in, dx)).withSidesOf(dSides);
    }

    /** By the output of step t: from the loss, and from the step that was fed. */
    private float[] stepGradient(
        Bundle input, int t, float[] dOutput, StateSlice dFed, Context context) {
      int batch = input.batch();
      float[] dy = context.floats(batch * out);
      for (int b = 0; b < batch; b++) {
        if (input.real(t, b)) {
          System.arraycopy(dOutput, (t * batch + b) * out, dy, b * out, out);
          for (int j = 0; j < width; j++) {
            dy[b * out + j] += dFed.data()[dFed.row(b) + j];
          }
        }
      }
      return dy;
    }

    @Override
    public void initialState(Slice params, StateSlice state, int b) {
      Layer.super.initialState(params, state, b);
      children.initialState(params, state, b);
    }

    @Override
    public void initialStateBack(Slice params, StateSlice dState, int b, Slice grads) {
      children.initialStateBack(params, dState, b, grads);
    }
  }
}
