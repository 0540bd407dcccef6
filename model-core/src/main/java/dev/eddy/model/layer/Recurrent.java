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
 */
public record Recurrent(Cell cell) implements Layer {

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
    int rowFloats = batch * cell.stateSize();
    // Backward needs every state; without it two take turns.
    float[] states = context.floats((context.tracing() ? time + 1 : 2) * rowFloats);
    float[] slots = context.floats(time * batch * cell.slots());
    float[] output = context.floats(time * batch * cell.outputWidth());
    cell.project(params, time * batch, x.data(), slots, context);
    copyState(state, states, 0, batch, true);
    int before = 0;
    for (int t = 0; t < time; t++) {
      int after = context.tracing() ? before + rowFloats : rowFloats - before;
      cell.step(params, tick(t, batch, slots, states, before, after), context);
      holdUnreal(input, t, states, before, after);
      writeOutput(input, t, states, after, output);
      before = after;
    }
    copyState(state, states, before, batch, false);
    context.push(new Trace(input, new Cell.Run(time * batch, x.data(), slots, states)));
    return input.onlyMain(new FloatSeq(time, batch, cell.outputWidth(), output));
  }

  @Override
  public Bundle backward(
      Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
    Trace trace = context.pop(Trace.class);
    Bundle input = trace.input();
    int batch = input.batch();
    int rowFloats = batch * cell.stateSize();
    Cell.Run run = trace.run();
    float[] prepared = cell.prepareBack(params, context);
    float[] dSlots = context.floats(run.rows() * cell.slots());
    float[] dAfter = context.floats(rowFloats);
    copyState(dState, dAfter, 0, batch, true);
    float[] dBefore = context.floats(rowFloats);
    for (int t = input.time() - 1; t >= 0; t--) {
      addOutputGradient(input, t, dOutput.main().data(), dAfter);
      int before = t * rowFloats;
      Cell.Tick tick = tick(t, batch, run.slots(), run.states(), before, before + rowFloats);
      cell.stepBack(prepared, tick, dAfter, dBefore, dSlots, context);
      passUnreal(input, t, dAfter, dBefore, dSlots);
      float[] swap = dAfter;
      dAfter = dBefore;
      dBefore = swap;
    }
    copyState(dState, dAfter, 0, batch, false);
    float[] dx = cell.projectBack(params, run, dSlots, context, grads);
    return Bundle.of(new FloatSeq(input.time(), batch, cell.inputWidth(), dx));
  }

  private Cell.Tick tick(int t, int batch, float[] slots, float[] states, int before, int after) {
    return new Cell.Tick(batch, slots, t * batch * cell.slots(), states, before, after);
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

  private void writeOutput(Bundle input, int t, float[] states, int after, float[] output) {
    int batch = input.batch();
    int width = cell.outputWidth();
    for (int b = 0; b < batch; b++) {
      if (input.real(t, b)) {
        int from = after + b * cell.stateSize();
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
        int row = (t * batch + b) * cell.slots();
        Arrays.fill(dSlots, row, row + cell.slots(), 0f);
      }
    }
  }
}
