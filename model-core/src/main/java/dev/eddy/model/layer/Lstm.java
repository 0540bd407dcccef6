package dev.eddy.model.layer;

import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.seq.Bundle;
import java.util.Arrays;
import java.util.List;

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997; forget gate: Gers, Schmidhuber and
 * Cummins 2000), without peepholes, one bias:
 *
 * <pre>
 * [i f o g] = x W + h U + b        i, f, o through sigmoid, g through tanh
 * c' = f c + i g
 * h' = o tanh(c')                  h' is the output; the state is [h c]
 * </pre>
 *
 * <p>W is Glorot uniform per gate, U orthogonal per gate, b zero but 1 for the forget gate
 * (Jozefowicz et al. 2015). Gate order and derivation: docs/layers/lstm.md.
 *
 * @param units H
 */
public record Lstm(int units) implements LayerSpec {

  /** Checks the number. */
  public Lstm {
    if (units < 1 || units > Limits.UNITS) {
      throw new IllegalArgumentException(
          "lstm: units must be from 1 to %,d, got %d".formatted(Limits.UNITS, units));
    }
  }

  @Override
  public String kind() {
    return "lstm";
  }

  @Override
  public Shape outputShape(Shape input) {
    ShapeException.width(this, input, Bundle.MAIN);
    return Shape.of(units);
  }

  @Override
  public Layer build(Shape input) {
    return new Recurrent(new Step(ShapeException.width(this, input, Bundle.MAIN), units));
  }

  /** The slots of a row are [i f o g tanh(c')]. */
  private record Step(int in, int units) implements Cell {

    @Override
    public List<Param> params() {
      return List.of(
          new Param("W", in, 4 * units, Inits.glorot(in, units)),
          new Param("U", units, 4 * units, Inits.orthogonalBlocks()),
          new Param("b", 1, 4 * units, this::forgetGateOpen));
    }

    private void forgetGateOpen(
        float[] w, int offset, int rows, int columns, dev.eddy.model.kernel.Rng rng) {
      Arrays.fill(w, offset, offset + columns, 0f);
      Arrays.fill(w, offset + units, offset + 2 * units, 1f);
    }

    private Slice w(Slice params) {
      return params.sub(0, in * 4 * units);
    }

    private Slice u(Slice params) {
      return params.sub(in * 4 * units, units * 4 * units);
    }

    private Slice b(Slice params) {
      return params.sub((in + units) * 4 * units, 4 * units);
    }

    @Override
    public int inputWidth() {
      return in;
    }

    @Override
    public int outputWidth() {
      return units;
    }

    @Override
    public int stateSize() {
      return 2 * units;
    }

    @Override
    public int slots() {
      return 5 * units;
    }

    @Override
    public void project(Slice params, int rows, float[] x, float[] slots, Context context) {
      int gates = 4 * units;
      Slice bias = b(params);
      for (int r = 0; r < rows; r++) {
        System.arraycopy(bias.data(), bias.offset(), slots, r * slots(), gates);
      }
      Slice w = w(params);
      context
          .kernels()
          .addProduct(rows, gates, in, x, 0, in, 1, w.data(), w.offset(), gates, slots, 0, slots());
    }

    @Override
    public void step(Slice params, Tick tick, Context context) {
      Kernels kernels = context.kernels();
      int gates = 4 * units;
      float[] z = tick.slots();
      float[] states = tick.states();
      Slice u = u(params);
      kernels.addProduct(
          tick.batch(),
          gates,
          units,
          states,
          tick.before(),
          stateSize(),
          1,
          u.data(),
          u.offset(),
          gates,
          z,
          tick.slotsAt(),
          slots());
      for (int r = 0; r < tick.batch(); r++) {
        int i = tick.slotsAt() + r * slots();
        int before = tick.before() + r * stateSize();
        int after = tick.after() + r * stateSize();
        kernels.sigmoid(3 * units, z, i, z, i);
        kernels.tanh(units, z, i + 3 * units, z, i + 3 * units);
        for (int j = 0; j < units; j++) {
          states[after + units + j] =
              Math.fma(
                  z[i + units + j], states[before + units + j], z[i + j] * z[i + 3 * units + j]);
        }
        kernels.tanh(units, states, after + units, z, i + gates);
        for (int j = 0; j < units; j++) {
          states[after + j] = z[i + 2 * units + j] * z[i + gates + j];
        }
      }
    }

    @Override
    public float[] prepareBack(Slice params, Context context) {
      return Products.transposed(u(params), units, 4 * units, context);
    }

    @Override
    public void stepBack(
        float[] prepared,
        Tick tick,
        float[] dAfter,
        float[] dBefore,
        float[] dSlots,
        Context context) {
      Arrays.fill(dBefore, 0f);
      for (int r = 0; r < tick.batch(); r++) {
        gatesBack(tick, r, dAfter, dBefore, dSlots);
      }
      context
          .kernels()
          .addProduct(
              tick.batch(),
              units,
              4 * units,
              dSlots,
              tick.slotsAt(),
              slots(),
              1,
              prepared,
              0,
              units,
              dBefore,
              0,
              stateSize());
    }

    /** Row r: the derivative by the sums before the gates, and by c. */
    private void gatesBack(Tick tick, int r, float[] dAfter, float[] dBefore, float[] dSlots) {
      float[] z = tick.slots();
      int row = tick.slotsAt() + r * slots();
      int state = r * stateSize();
      for (int j = 0; j < units; j++) {
        float i = z[row + j];
        float f = z[row + units + j];
        float o = z[row + 2 * units + j];
        float g = z[row + 3 * units + j];
        float tanhC = z[row + 4 * units + j];
        float cBefore = tick.states()[tick.before() + state + units + j];
        float dh = dAfter[state + j];
        float dc = Math.fma(dh * o, 1 - tanhC * tanhC, dAfter[state + units + j]);
        dSlots[row + j] = dc * g * i * (1 - i);
        dSlots[row + units + j] = dc * cBefore * f * (1 - f);
        dSlots[row + 2 * units + j] = dh * tanhC * o * (1 - o);
        dSlots[row + 3 * units + j] = dc * i * (1 - g * g);
        dBefore[state + units + j] = dc * f;
      }
    }

    @Override
    public float[] projectBack(
        Slice params, Run run, float[] dSlots, Context context, Slice grads) {
      Kernels kernels = context.kernels();
      int gates = 4 * units;
      int rows = run.rows();
      Slice dW = w(grads);
      kernels.addProduct(
          in, gates, rows, run.x(), 0, 1, in, dSlots, 0, slots(), dW.data(), dW.offset(), gates);
      Slice dU = u(grads);
      kernels.addProduct(
          units,
          gates,
          rows,
          run.states(),
          0,
          1,
          stateSize(),
          dSlots,
          0,
          slots(),
          dU.data(),
          dU.offset(),
          gates);
      Slice db = b(grads);
      for (int r = 0; r < rows; r++) {
        for (int j = 0; j < gates; j++) {
          db.data()[db.offset() + j] += dSlots[r * slots() + j];
        }
      }
      float[] dx = context.floats(rows * in);
      float[] transposed = Products.transposed(w(params), in, gates, context);
      kernels.addProduct(rows, in, gates, dSlots, 0, slots(), 1, transposed, 0, in, dx, 0, in);
      return dx;
    }
  }
}
