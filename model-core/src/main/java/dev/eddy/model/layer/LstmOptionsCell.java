package dev.eddy.model.layer;

import dev.eddy.model.kernel.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The step of an LSTM with what the plain one lacks: peepholes (Gers, Schraudolph and Schmidhuber
 * 2002), other activations, recurrent dropout. The slots of a row are [i f o g t] with t the
 * activation of c'.
 *
 * @param in floats in a step of the input
 * @param units H
 * @param peephole whether the gates i and f see c, and o sees c', each through weights p
 * @param gate of i, f and o
 * @param candidate of g
 * @param output of c'
 */
record LstmOptionsCell(
    int in, int units, boolean peephole, Activation gate, Activation candidate, Activation output)
    implements Cell {

  @Override
  public List<Param> params() {
    List<Param> params = new ArrayList<>(Lstm.params(in, units));
    if (peephole) {
      params.add(new Param("p", 3, units, Inits.constant(0)));
    }
    return List.copyOf(params);
  }

  private int gates() {
    return 4 * units;
  }

  private Slice w(Slice params) {
    return params.sub(0, in * gates());
  }

  private Slice u(Slice params) {
    return params.sub(in * gates(), units * gates());
  }

  private Slice b(Slice params) {
    return params.sub((in + units) * gates(), gates());
  }

  /** The peephole weights of i, f or o: gate 0, 1 or 2. */
  private Slice p(Slice params, int gate) {
    return params.sub((in + units + 1) * gates() + gate * units, units);
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
    Slice b = b(params);
    for (int r = 0; r < rows; r++) {
      System.arraycopy(b.data(), b.offset(), slots, r * slots(), gates());
    }
    Slice w = w(params);
    context
        .kernels()
        .addProduct(
            rows, gates(), in, x, 0, in, 1, w.data(), w.offset(), gates(), slots, 0, slots());
  }

  @Override
  public void step(Slice params, Tick tick, Context context) {
    Kernels kernels = context.kernels();
    float[] z = tick.slots();
    Hidden h = Hidden.before(tick, units, context);
    Slice u = u(params);
    kernels.addProduct(
        tick.batch(),
        gates(),
        units,
        h.data(),
        h.at(),
        h.row(),
        1,
        u.data(),
        u.offset(),
        gates(),
        z,
        tick.slotsAt(),
        slots());
    Slice p = peephole ? p(params, 0) : null;
    for (int r = 0; r < tick.batch(); r++) {
      row(p, tick, r, kernels);
    }
  }

  /** Row r: gates and state after; p from the peephole weights of i on, null without. */
  private void row(Slice p, Tick tick, int r, Kernels kernels) {
    float[] z = tick.slots();
    float[] states = tick.states();
    int i = tick.slotsAt() + r * slots();
    int f = i + units;
    int o = f + units;
    int g = o + units;
    int t = g + units;
    int c = tick.before() + r * stateSize() + units;
    int cAfter = tick.after() + r * stateSize() + units;
    if (p != null) {
      addProducts(p, 0, states, c, z, i);
      addProducts(p, units, states, c, z, f);
    }
    gate.apply(kernels, 2 * units, z, i, z, i);
    candidate.apply(kernels, units, z, g, z, g);
    for (int j = 0; j < units; j++) {
      states[cAfter + j] = Math.fma(z[f + j], states[c + j], z[i + j] * z[g + j]);
    }
    if (p != null) {
      addProducts(p, 2 * units, states, cAfter, z, o);
    }
    gate.apply(kernels, units, z, o, z, o);
    output.apply(kernels, units, states, cAfter, z, t);
    for (int j = 0; j < units; j++) {
      states[cAfter - units + j] = z[o + j] * z[t + j];
    }
  }

  /** Element by element. y: Modified. */
  private void addProducts(Slice p, int from, float[] x, int xAt, float[] y, int yAt) {
    int at = p.offset() + from;
    for (int j = 0; j < units; j++) {
      y[yAt + j] = Math.fma(p.data()[at + j], x[xAt + j], y[yAt + j]);
    }
  }

  /** U^T, followed by the peephole weights. */
  @Override
  public float[] prepareBack(Slice params, Context context) {
    float[] transposed = Products.transposed(u(params), units, gates(), context);
    if (!peephole) {
      return transposed;
    }
    float[] prepared = context.unfilled(transposed.length + 3 * units);
    System.arraycopy(transposed, 0, prepared, 0, transposed.length);
    Slice p = p(params, 0);
    System.arraycopy(p.data(), p.offset(), prepared, transposed.length, 3 * units);
    return prepared;
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
      rowBack(prepared, tick, r, dAfter, dBefore, dSlots);
    }
    Hidden.addBack(
        tick, units, gates(), dSlots, tick.slotsAt(), slots(), prepared, 0, dBefore, context);
  }

  /** Row r: the derivative by the sums before the gates, and by c. */
  private void rowBack(
      float[] prepared, Tick tick, int r, float[] dAfter, float[] dBefore, float[] dSlots) {
    float[] z = tick.slots();
    int row = tick.slotsAt() + r * slots();
    int state = r * stateSize();
    int p = gates() * units; // in prepared
    for (int j = 0; j < units; j++) {
      float i = z[row + j];
      float f = z[row + units + j];
      float o = z[row + 2 * units + j];
      float g = z[row + 3 * units + j];
      float t = z[row + 4 * units + j];
      float c = tick.states()[tick.before() + state + units + j];
      float dh = dAfter[state + j];
      float dzo = dh * t * gate.slopeAt(o);
      float dc = Math.fma(dh * o, output.slopeAt(t), dAfter[state + units + j]);
      if (peephole) {
        dc = Math.fma(dzo, prepared[p + 2 * units + j], dc);
      }
      float dzi = dc * g * gate.slopeAt(i);
      float dzf = dc * c * gate.slopeAt(f);
      float dcBefore = dc * f;
      if (peephole) {
        dcBefore = Math.fma(dzi, prepared[p + j], dcBefore);
        dcBefore = Math.fma(dzf, prepared[p + units + j], dcBefore);
      }
      dSlots[row + j] = dzi;
      dSlots[row + units + j] = dzf;
      dSlots[row + 2 * units + j] = dzo;
      dSlots[row + 3 * units + j] = dc * i * candidate.slopeAt(g);
      dBefore[state + units + j] = dcBefore;
    }
  }

  @Override
  public void weightsBack(Run run, float[] dSlots, Context context, Slice grads) {
    Kernels kernels = context.kernels();
    int n = gates();
    int rows = run.rows();
    Slice dW = w(grads);
    kernels.addProduct(
        in, n, rows, run.x(), 0, 1, in, dSlots, 0, slots(), dW.data(), dW.offset(), n);
    Slice dU = u(grads);
    Hidden h = Hidden.before(run, stateSize(), units, context);
    kernels.addProduct(
        units,
        n,
        rows,
        h.data(),
        h.at(),
        1,
        h.row(),
        dSlots,
        0,
        slots(),
        dU.data(),
        dU.offset(),
        n);
    Slice db = b(grads);
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < n; j++) {
        db.data()[db.offset() + j] += dSlots[r * slots() + j];
      }
    }
    if (peephole) {
      addPeepholeGradient(run, dSlots, grads);
    }
  }

  @Override
  public float[] inputBack(Slice params, int rows, float[] dSlots, Context context) {
    Kernels kernels = context.kernels();
    int n = gates();
    float[] dx = context.floats(rows * in);
    float[] transposed = Products.transposed(w(params), in, n, context);
    kernels.addProduct(rows, in, n, dSlots, 0, slots(), 1, transposed, 0, in, dx, 0, in);
    return dx;
  }

  /** i and f saw c, o saw c', which is the state of the batch's next row. grads: Modified. */
  private void addPeepholeGradient(Run run, float[] dSlots, Slice grads) {
    for (int gate = 0; gate < 3; gate++) {
      Slice dp = p(grads, gate);
      int first = gate == 2 ? run.batch() : 0;
      for (int r = 0; r < run.rows(); r++) {
        int c = (first + r) * stateSize() + units;
        addElements(run.states(), c, dSlots, r * slots() + gate * units, dp);
      }
    }
  }

  private void addElements(float[] c, int cAt, float[] dz, int dzAt, Slice dp) {
    for (int j = 0; j < units; j++) {
      int at = dp.offset() + j;
      dp.data()[at] = Math.fma(c[cAt + j], dz[dzAt + j], dp.data()[at]);
    }
  }
}
