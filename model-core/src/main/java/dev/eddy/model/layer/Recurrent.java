package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.Arrays;
import java.util.List;

/**
 * Lifts a cell to a layer over sequences. A step that is not real (beyond its sequence's length, or
 * masked) leaves the state as it is and gives zeros; the gradient passes it by.
 *
 * @param cell what happens at one time index
 * @param dropout the share of h that the products with U do not see in training, drawn once for
 *     each sequence (Gal and Ghahramani 2016); 0 for a fused cell
 */
public record Recurrent(Cell cell, float dropout) implements Layer {

  /** Without dropout. */
  public Recurrent(Cell cell) {
    this(cell, 0f);
  }

  /** A recurrent layer whose initial state is zero or learned. */
  static Layer of(Cell cell, float dropout, boolean learnedState) {
    Layer layer = new Recurrent(cell, dropout);
    return learnedState ? new LearnedState(layer) : layer;
  }

  private record Trace(Bundle input, Cell.Run run) {}

  @Override
  public List<Param> params() {
    return cell.params();
  }

  @Override
  public int stateSize() {
    return cell.stateSize();
  }

  @Override
  public boolean causal() {
    return true;
  }

  @Override
  public Bundle forward(Slice params, Bundle input, StateSlice state, Context context) {
    FloatSeq x = input.main();
    int time = x.time();
    int batch = x.batch();
    boolean tracing = context.tracing();
    boolean inPlace = cell.fused() && !tracing && input.allReal();
    int stateRow = inPlace ? state.stride() : cell.stateSize();
    int rowFloats = batch * cell.stateSize();
    float[] mask =
        context.training() && dropout > 0
            ? Dropout.mask(dropout, batch * cell.outputWidth(), context)
            : null;
    float[] packed = cell.pack(params, context);
    float[] slots = slots(params, x, context);
    // Backward needs every state; without it two take turns, or one is overwritten.
    float[] states =
        inPlace ? state.data() : context.unfilled((tracing ? time + 1 : 2) * rowFloats);
    int size = time * batch * cell.outputWidth();
    float[] output = input.allReal() ? context.unfilled(size) : context.floats(size);
    int before = inPlace ? state.row(0) : 0;
    if (!inPlace) {
      copyState(state, states, 0, batch, true);
    }
    for (int t = 0; t < time; t++) {
      int after = inPlace ? before : tracing ? before + rowFloats : rowFloats - before;
      int slotsAt = tracing || !cell.fused() ? t * batch * cell.slots() : 0;
      int row = t * batch;
      cell.step(
          params,
          Cell.Tick.of(
              batch, row, x.data(), packed, slots, slotsAt, states, before, after, stateRow, mask,
              context),
          context);
      holdUnreal(input, t, states, before, after);
      writeOutput(input, t, states, after, stateRow, output);
      before = after;
    }
    if (!inPlace) {
      copyState(state, states, before, batch, false);
    }
    if (tracing) {
      context.push(
          new Trace(input, new Cell.Run(batch, time * batch, x.data(), slots, states, mask)));
    }
    return context.output(input, cell.outputWidth(), output);
  }

  /** The slots of all steps; those of one step are enough if nothing looks at them later. */
  private float[] slots(Slice params, FloatSeq x, Context context) {
    int rows = x.time() * x.batch();
    if (cell.fused()) {
      return context.unfilled((context.tracing() ? rows : x.batch()) * cell.slots());
    }
    float[] slots = context.floats(rows * cell.slots());
    cell.project(params, rows, x.data(), slots, context);
    return slots;
  }

  @Override
  public Bundle backward(
      Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
    Trace trace = context.pop(Trace.class);
    float[] dSlots = sumsBack(params, trace, dOutput, dState, context);
    int rows = trace.run().rows();
    cell.weightsBack(trace.run(), dSlots, context, grads);
    float[] dx = cell.inputBack(params, rows, dSlots, context);
    Bundle input = trace.input();
    return Bundle.of(new FloatSeq(input.time(), input.batch(), cell.inputWidth(), dx));
  }

  @Override
  public void backwardToWeights(
      Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
    Trace trace = context.pop(Trace.class);
    float[] dSlots = sumsBack(params, trace, dOutput, dState, context);
    cell.weightsBack(trace.run(), dSlots, context, grads);
  }

  /** Through time: the derivative by the sums before the gates. dState: Modified. */
  private float[] sumsBack(
      Slice params, Trace trace, Bundle dOutput, StateSlice dState, Context context) {
    Bundle input = trace.input();
    int batch = input.batch();
    int rowFloats = batch * cell.stateSize();
    Cell.Run run = trace.run();
    float[] prepared = cell.prepareBack(params, context);
    int sums = run.rows() * cell.sums();
    float[] dSlots = cell.fused() ? context.unfilled(sums) : context.floats(sums);
    float[] dAfter = context.unfilled(rowFloats);
    copyState(dState, dAfter, 0, batch, true);
    float[] dBefore = context.unfilled(rowFloats);
    for (int t = input.time() - 1; t >= 0; t--) {
      addOutputGradient(input, t, dOutput.main().data(), dAfter);
      int before = t * rowFloats;
      int row = t * batch;
      Cell.Tick tick =
          new Cell.Tick(
              batch,
              row,
              run.x(),
              null,
              run.slots(),
              row * cell.slots(),
              run.states(),
              before,
              before + rowFloats,
              cell.stateSize(),
              run.mask());
      cell.stepBack(prepared, tick, dAfter, dBefore, dSlots, context);
      passUnreal(input, t, dAfter, dBefore, dSlots);
      float[] swap = dAfter;
      dAfter = dBefore;
      dBefore = swap;
    }
    copyState(dState, dAfter, 0, batch, false);
    return dSlots;
  }

  private void copyState(StateSlice state, float[] states, int at, int batch, boolean in) {
    int size = cell.stateSize();
    for (int b = 0; b < batch; b++) {
      if (in) {
        System.arraycopy(state.data(), state.row(b), states, at + b * size, size);
      } else {
        System.arraycopy(states, at + b * size, state.data(), state.row(b), size);
      }
    }
  }

  private void holdUnreal(Bundle input, int t, float[] states, int before, int after) {
    int size = cell.stateSize();
    for (int b = 0; b < input.batch() && !input.allReal(); b++) {
      if (!input.real(t, b)) {
        System.arraycopy(states, before + b * size, states, after + b * size, size);
      }
    }
  }

  private void writeOutput(
      Bundle input, int t, float[] states, int after, int stateRow, float[] output) {
    int batch = input.batch();
    int width = cell.outputWidth();
    for (int b = 0; b < batch; b++) {
      if (input.real(t, b)) {
        int from = after + b * stateRow;
        System.arraycopy(states, from, output, (t * batch + b) * width, width);
      }
    }
  }

  private void addOutputGradient(Bundle input, int t, float[] dOutput, float[] dAfter) {
    int batch = input.batch();
    int width = cell.outputWidth();
    for (int b = 0; b < batch; b++) {
      if (input.real(t, b)) {
        int from = (t * batch + b) * width;
        int to = b * cell.stateSize();
        for (int j = 0; j < width; j++) {
          dAfter[to + j] += dOutput[from + j];
        }
      }
    }
  }

  private void passUnreal(Bundle input, int t, float[] dAfter, float[] dBefore, float[] dSlots) {
    int batch = input.batch();
    int size = cell.stateSize();
    for (int b = 0; b < batch && !input.allReal(); b++) {
      if (!input.real(t, b)) {
        System.arraycopy(dAfter, b * size, dBefore, b * size, size);
        int row = (t * batch + b) * cell.sums();
        Arrays.fill(dSlots, row, row + cell.sums(), 0f);
      }
    }
  }
}
