package dev.eddy.model.layer;

import dev.eddy.model.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;

/**
 * What the cells of both reset conventions share: weights, the input's products, the update.
 *
 * <p>Weights: W {@code [in][3H]}, U {@code [H][3H]}, b {@code [3H]} in the order r z n, then bh
 * {@code [H]} where the reset acts after the product. The slots of a row are [n r z s], s being the
 * cell's own: so n stands apart from the sums that x and h fill together.
 *
 * @param in floats in a step of the input
 * @param units H
 * @param update what the update gate says
 */
record GruGates(int in, int units, Gru.Update update) {

  /** Without bh. */
  List<Param> params() {
    return List.of(
        new Param("W", in, 3 * units, Inits.glorot(in, units)),
        new Param("U", units, 3 * units, Inits.orthogonalBlocks()),
        new Param("b", 1, 3 * units, Inits.constant(0)));
  }

  /** With bh. */
  List<Param> paramsAndBias() {
    List<Param> params = new ArrayList<>(params());
    params.add(new Param("bh", 1, units, Inits.constant(0)));
    return List.copyOf(params);
  }

  int slots() {
    return 4 * units;
  }

  /** Where r begins in a row's slots; n begins at 0. */
  int r() {
    return units;
  }

  int z() {
    return 2 * units;
  }

  /** Where the cell's own slots begin. */
  int own() {
    return 3 * units;
  }

  Slice w(Slice params) {
    return params.sub(0, in * 3 * units);
  }

  Slice u(Slice params) {
    return params.sub(in * 3 * units, units * 3 * units);
  }

  Slice b(Slice params) {
    return params.sub((in + units) * 3 * units, 3 * units);
  }

  Slice bh(Slice params) {
    return params.sub((in + units + 1) * 3 * units, units);
  }

  /** Writes b + x W into the slots n, r and z. slots: Modified. */
  void project(Slice params, int rows, float[] x, float[] slots, Context context) {
    Slice b = b(params);
    for (int r = 0; r < rows; r++) {
      int row = r * slots();
      System.arraycopy(b.data(), b.offset() + 2 * units, slots, row, units);
      System.arraycopy(b.data(), b.offset(), slots, row + r(), 2 * units);
    }
    Slice w = w(params);
    Kernels kernels = context.kernels();
    int columns = 3 * units;
    kernels.addProduct(
        rows, 2 * units, in, x, 0, in, 1, w.data(), w.offset(), columns, slots, r(), slots());
    int candidate = w.offset() + 2 * units;
    kernels.addProduct(
        rows, units, in, x, 0, in, 1, w.data(), candidate, columns, slots, 0, slots());
  }

  /** Row by row, the state after from n, z and the state before. The states after: Modified. */
  void update(Cell.Tick tick) {
    for (int b = 0; b < tick.batch(); b++) {
      int row = tick.slotsAt() + b * slots();
      int before = tick.before() + b * units;
      int after = tick.after() + b * units;
      if (update == Gru.Update.KEEP) {
        blend(
            tick.slots(),
            row + z(),
            tick.states(),
            before,
            tick.slots(),
            row,
            tick.states(),
            after);
      } else {
        blend(
            tick.slots(),
            row + z(),
            tick.slots(),
            row,
            tick.states(),
            before,
            tick.states(),
            after);
      }
    }
  }

  /** {@code y = z a + (1 - z) b}, as b + z (a - b). y: Modified. */
  private void blend(
      float[] z, int zAt, float[] a, int aAt, float[] b, int bAt, float[] y, int yAt) {
    for (int j = 0; j < units; j++) {
      float value = b[bAt + j];
      y[yAt + j] = Math.fma(z[zAt + j], a[aAt + j] - value, value);
    }
  }

  /**
   * The derivative of {@link #update} and of the gate z and the tanh of n: dSlots n and z become
   * those by the sums, dBefore that by the state as far as it is kept. dBefore, dSlots: Modified.
   */
  void updateBack(Cell.Tick tick, float[] dAfter, float[] dBefore, float[] dSlots) {
    float[] slots = tick.slots();
    for (int b = 0; b < tick.batch(); b++) {
      int row = tick.slotsAt() + b * slots();
      int before = tick.before() + b * units;
      for (int j = 0; j < units; j++) {
        float n = slots[row + j];
        float z = slots[row + z() + j];
        float kept = update == Gru.Update.KEEP ? z : 1 - z;
        float d = dAfter[b * units + j];
        float byKept = d * (tick.states()[before + j] - n);
        float byZ = update == Gru.Update.KEEP ? byKept : -byKept;
        dSlots[row + j] = d * (1 - kept) * (1 - n * n);
        dSlots[row + z() + j] = byZ * z * (1 - z);
        dBefore[b * units + j] = d * kept;
      }
    }
  }

  /** Adds the gradients of W and b. grads: Modified. */
  void addInputGradients(Cell.Run run, float[] dSlots, Context context, Slice grads) {
    Kernels kernels = context.kernels();
    int columns = 3 * units;
    int rows = run.rows();
    float[] x = run.x();
    Slice dW = w(grads);
    kernels.addProduct(
        in, 2 * units, rows, x, 0, 1, in, dSlots, r(), slots(), dW.data(), dW.offset(), columns);
    int candidate = dW.offset() + 2 * units;
    kernels.addProduct(
        in, units, rows, x, 0, 1, in, dSlots, 0, slots(), dW.data(), candidate, columns);
    Slice db = b(grads);
    addColumns(rows, 2 * units, dSlots, r(), db.data(), db.offset());
    addColumns(rows, units, dSlots, 0, db.data(), db.offset() + 2 * units);
  }

  /** Adds n columns of dSlots, from column at on, over the rows. sum: Modified. */
  void addColumns(int rows, int n, float[] dSlots, int at, float[] sum, int sumAt) {
    for (int r = 0; r < rows; r++) {
      int row = r * slots() + at;
      for (int j = 0; j < n; j++) {
        sum[sumAt + j] += dSlots[row + j];
      }
    }
  }

  /** The derivative by x, {@code [rows][in]}. */
  float[] inputGradient(Slice params, int rows, float[] dSlots, Context context) {
    Kernels kernels = context.kernels();
    float[] transposed = Products.transposed(w(params), in, 3 * units, context);
    float[] dx = context.floats(rows * in);
    kernels.addProduct(rows, in, 2 * units, dSlots, r(), slots(), 1, transposed, 0, in, dx, 0, in);
    int candidate = 2 * units * in;
    kernels.addProduct(
        rows, in, units, dSlots, 0, slots(), 1, transposed, candidate, in, dx, 0, in);
    return dx;
  }
}
