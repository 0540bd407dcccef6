package dev.eddy.model.layer;

import dev.eddy.model.kernel.Kernels;
import java.util.List;

/**
 * The step of a GRU whose reset acts on the state before the product. The slots of a row are [n r z
 * s] with {@code s = r h}.
 *
 * @param gates weights and what both conventions share
 */
record GruResetBefore(GruGates gates) implements Cell {

  @Override
  public List<Param> params() {
    return gates.params();
  }

  @Override
  public int inputWidth() {
    return gates.in();
  }

  @Override
  public int outputWidth() {
    return gates.units();
  }

  @Override
  public int stateSize() {
    return gates.units();
  }

  @Override
  public int slots() {
    return gates.slots();
  }

  @Override
  public void project(Slice params, int rows, float[] x, float[] slots, Context context) {
    gates.project(params, rows, x, slots, context);
  }

  @Override
  public void step(Slice params, Tick tick, Context context) {
    Kernels kernels = context.kernels();
    int units = gates.units();
    int batch = tick.batch();
    int at = tick.slotsAt();
    float[] slots = tick.slots();
    float[] u = gates.u(params).data();
    int uAt = gates.u(params).offset();
    Hidden h = Hidden.before(tick, units, context);
    kernels.addProduct(
        batch,
        2 * units,
        units,
        h.data(),
        h.at(),
        h.row(),
        1,
        u,
        uAt,
        3 * units,
        slots,
        at + gates.r(),
        slots());
    for (int b = 0; b < batch; b++) {
      reset(kernels, slots, at + b * slots(), h.data(), h.at() + b * h.row());
    }
    kernels.addProduct(
        batch,
        units,
        units,
        slots,
        at + gates.own(),
        slots(),
        1,
        u,
        uAt + 2 * units,
        3 * units,
        slots,
        at,
        slots());
    for (int b = 0; b < batch; b++) {
      int row = at + b * slots();
      kernels.tanh(units, slots, row, slots, row);
    }
    gates.update(tick);
  }

  /** The gates of one row, and s. slots: Modified. */
  private void reset(Kernels kernels, float[] slots, int row, float[] h, int hAt) {
    int units = gates.units();
    kernels.sigmoid(2 * units, slots, row + gates.r(), slots, row + gates.r());
    for (int j = 0; j < units; j++) {
      slots[row + gates.own() + j] = slots[row + gates.r() + j] * h[hAt + j];
    }
  }

  @Override
  public float[] prepareBack(Slice params, Context context) {
    return Products.transposed(gates.u(params), gates.units(), 3 * gates.units(), context);
  }

  /** In dSlots s holds the derivative by s, which {@link #weightsBack} leaves alone. */
  @Override
  public void stepBack(
      float[] prepared,
      Tick tick,
      float[] dAfter,
      float[] dBefore,
      float[] dSlots,
      Context context) {
    Kernels kernels = context.kernels();
    int units = gates.units();
    int batch = tick.batch();
    int at = tick.slotsAt();
    gates.updateBack(tick, dAfter, dBefore, dSlots);
    kernels.addProduct(
        batch,
        units,
        units,
        dSlots,
        at,
        slots(),
        1,
        prepared,
        2 * units * units,
        units,
        dSlots,
        at + gates.own(),
        slots());
    for (int b = 0; b < batch; b++) {
      resetBack(tick, b, dBefore, dSlots);
    }
    int from = at + gates.r();
    Hidden.addBack(tick, units, 2 * units, dSlots, from, slots(), prepared, 0, dBefore, context);
  }

  /** Row b: from the derivative by s to those by r's sum and the state. dSlots: Modified. */
  private void resetBack(Tick tick, int b, float[] dBefore, float[] dSlots) {
    int row = tick.slotsAt() + b * slots();
    int before = b * gates.units();
    for (int j = 0; j < gates.units(); j++) {
      float r = tick.slots()[row + gates.r() + j];
      float d = dSlots[row + gates.own() + j];
      float h = tick.states()[tick.before() + before + j];
      float seen = tick.mask() == null ? 1f : tick.mask()[before + j];
      dSlots[row + gates.r() + j] = d * (seen * h) * r * (1 - r);
      dBefore[before + j] = Math.fma(d * seen, r, dBefore[before + j]);
    }
  }

  @Override
  public void weightsBack(Run run, float[] dSlots, Context context, Slice grads) {
    Kernels kernels = context.kernels();
    int units = gates.units();
    int rows = run.rows();
    gates.addInputGradients(run, dSlots, context, grads);
    float[] dU = gates.u(grads).data();
    int dUAt = gates.u(grads).offset();
    Hidden h = Hidden.before(run, units, units, context);
    kernels.addProduct(
        units, 2 * units, rows, h.data(), h.at(), 1, h.row(), dSlots, gates.r(), slots(), dU, dUAt,
        3 * units);
    kernels.addProduct(
        units,
        units,
        rows,
        run.slots(),
        gates.own(),
        1,
        slots(),
        dSlots,
        0,
        slots(),
        dU,
        dUAt + 2 * units,
        3 * units);
  }

  @Override
  public float[] inputBack(Slice params, int rows, float[] dSlots, Context context) {
    return gates.inputGradient(params, rows, dSlots, context);
  }
}
