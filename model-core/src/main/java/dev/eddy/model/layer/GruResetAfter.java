package dev.eddy.model.layer;

import dev.eddy.model.kernel.Kernels;
import java.util.List;

/**
 * The step of a GRU whose reset acts after the product. The slots of a row are [n r z s] with
 * {@code s = h Un + bh}: the state's whole product fills [r z s], which lie side by side.
 *
 * @param gates weights and what both conventions share
 */
record GruResetAfter(GruGates gates) implements Cell {

  @Override
  public List<Param> params() {
    return gates.paramsAndBias();
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
    Slice bh = gates.bh(params);
    for (int r = 0; r < rows; r++) {
      System.arraycopy(bh.data(), bh.offset(), slots, r * slots() + gates.own(), gates.units());
    }
  }

  @Override
  public void step(Slice params, Tick tick, Context context) {
    Kernels kernels = context.kernels();
    int units = gates.units();
    float[] slots = tick.slots();
    Slice u = gates.u(params);
    Hidden h = Hidden.before(tick, units, context);
    kernels.addProduct(
        tick.batch(),
        3 * units,
        units,
        h.data(),
        h.at(),
        h.row(),
        1,
        u.data(),
        u.offset(),
        3 * units,
        slots,
        tick.slotsAt() + gates.r(),
        slots());
    for (int b = 0; b < tick.batch(); b++) {
      int row = tick.slotsAt() + b * slots();
      kernels.sigmoid(2 * units, slots, row + gates.r(), slots, row + gates.r());
      for (int j = 0; j < units; j++) {
        slots[row + j] =
            Math.fma(slots[row + gates.r() + j], slots[row + gates.own() + j], slots[row + j]);
      }
      kernels.tanh(units, slots, row, slots, row);
    }
    gates.update(tick);
  }

  @Override
  public float[] prepareBack(Slice params, Context context) {
    return Products.transposed(gates.u(params), gates.units(), 3 * gates.units(), context);
  }

  @Override
  public void stepBack(
      float[] prepared,
      Tick tick,
      float[] dAfter,
      float[] dBefore,
      float[] dSlots,
      Context context) {
    int units = gates.units();
    gates.updateBack(tick, dAfter, dBefore, dSlots);
    for (int b = 0; b < tick.batch(); b++) {
      resetBack(tick.slots(), tick.slotsAt() + b * slots(), dSlots);
    }
    int from = tick.slotsAt() + gates.r();
    Hidden.addBack(tick, units, 3 * units, dSlots, from, slots(), prepared, 0, dBefore, context);
  }

  /** From the derivative by n's sum to those by r's sum and s. dSlots: Modified. */
  private void resetBack(float[] slots, int row, float[] dSlots) {
    for (int j = 0; j < gates.units(); j++) {
      float r = slots[row + gates.r() + j];
      float d = dSlots[row + j];
      dSlots[row + gates.r() + j] = d * slots[row + gates.own() + j] * r * (1 - r);
      dSlots[row + gates.own() + j] = d * r;
    }
  }

  @Override
  public void weightsBack(Run run, float[] dSlots, Context context, Slice grads) {
    int units = gates.units();
    gates.addInputGradients(run, dSlots, context, grads);
    Slice dU = gates.u(grads);
    Hidden h = Hidden.before(run, units, units, context);
    context
        .kernels()
        .addProduct(
            units,
            3 * units,
            run.rows(),
            h.data(),
            h.at(),
            1,
            h.row(),
            dSlots,
            gates.r(),
            slots(),
            dU.data(),
            dU.offset(),
            3 * units);
    Slice dBh = gates.bh(grads);
    gates.addColumns(run.rows(), units, dSlots, gates.own(), dBh.data(), dBh.offset());
  }

  @Override
  public float[] inputBack(Slice params, int rows, float[] dSlots, Context context) {
    return gates.inputGradient(params, rows, dSlots, context);
  }
}
