package dev.eddy.model.layer;

import java.util.List;

/**
 * The step of a recurrent network: what happens at one time index. {@link Recurrent} lifts it to a
 * layer over sequences. Implementations are final and hold no mutable field.
 *
 * <p>A step is cut in two, so that a sequence's inputs pass through their weights in one large
 * product: {@link #project} is given all T * B rows at once and fills each row's <i>slots</i> (the
 * sums before the gates, as far as the input reaches); {@link #step} adds what comes from the state
 * before, in slots of one time index. A sum thus runs over bias, input, state in this order whether
 * the steps come one by one or as a sequence: the same bits.
 *
 * <p>The first {@link #outputWidth} floats of a state are the output of its step.
 */
public interface Cell {
  /** The weights, in memory order. */
  List<Param> params();

  /** Floats in a step of the input. */
  int inputWidth();

  /** Floats in a step of the output; at most {@link #stateSize}. */
  int outputWidth();

  /** Floats of state for one entity. */
  int stateSize();

  /**
   * Floats of working memory for one step of one sequence; backward finds there what the step left.
   */
  int slots();

  /**
   * Whether {@link #step} reads the input itself, in one product with the state. Then {@link
   * #project} is never called, slots hold anything before a step, and states may be overwritten in
   * place.
   */
  default boolean fused() {
    return false;
  }

  /** Floats of a row of what {@link #stepBack} writes: the derivative by the sums. */
  default int sums() {
    return slots();
  }

  /**
   * The weights in the form in which {@link #step} reads them; null if it reads them as they lie.
   */
  default float[] pack(Slice params, Context context) {
    return null;
  }

  /**
   * Writes bias + input part into the slots. x: {@code [rows][in]}; slots: {@code [rows][slots]},
   * zero before. Modified.
   */
  void project(Slice params, int rows, float[] x, float[] slots, Context context);

  /**
   * One time index: completes the slots and writes the state after. tick's slots and state after:
   * Modified.
   */
  void step(Slice params, Tick tick, Context context);

  /**
   * What {@link #stepBack} needs of the weights (such as a transposed copy), made once per backward
   * pass.
   */
  float[] prepareBack(Slice params, Context context);

  /**
   * The derivative of {@link #step}.
   *
   * @param prepared from {@link #prepareBack}
   * @param tick the same that step saw. Not modified
   * @param dAfter the loss's derivative by the state after, {@code [B][stateSize]}. Not modified
   * @param dBefore becomes the derivative by the state before. Modified
   * @param dSlots the derivative by the sums before the gates, {@code [rows][sums]}, is written at
   *     the tick's rows; zero before, or anything if {@link #fused}. Modified
   */
  void stepBack(
      float[] prepared,
      Tick tick,
      float[] dAfter,
      float[] dBefore,
      float[] dSlots,
      Context context);

  /**
   * Adds the derivative by the weights, for all steps at once.
   *
   * @param run what forward saw
   * @param dSlots {@code [rows][sums]}, from {@link #stepBack}. Not modified
   * @param grads Modified
   */
  void weightsBack(Run run, float[] dSlots, Context context, Slice grads);

  /**
   * The derivative by the input, for all steps at once.
   *
   * @param dSlots as in {@link #weightsBack}. Not modified
   * @return the derivative by x, {@code [rows][in]}
   */
  float[] inputBack(Slice params, int rows, float[] dSlots, Context context);

  /**
   * One time index of a batch.
   *
   * @param batch B
   * @param row the first of its rows
   * @param x inputs of the pass, {@code [rows][in]}
   * @param packed from {@link #pack}
   * @param slots working memory of the pass
   * @param slotsAt where this step's {@code [B][slots]} begin
   * @param states states of the pass
   * @param before where the states before, {@code [B][stateSize]}, begin
   * @param after where the states after begin; the same as before only for a {@link #fused} cell
   * @param stateRow from one state to the next; {@link #stateSize} but for a {@link #fused} cell
   * @param mask {@code [B][outputWidth]}, what the products with U see of h is multiplied with
   *     ({@link Hidden}); null for all of it, always so for a {@link #fused} cell
   */
  record Tick(
      int batch,
      int row,
      float[] x,
      float[] packed,
      float[] slots,
      int slotsAt,
      float[] states,
      int before,
      int after,
      int stateRow,
      float[] mask) {

    /** With these components; where a pass repeats, the very tick of the pass before. */
    static Tick of(
        int batch,
        int row,
        float[] x,
        float[] packed,
        float[] slots,
        int slotsAt,
        float[] states,
        int before,
        int after,
        int stateRow,
        float[] mask,
        Context context) {
      if (context.kept() instanceof Tick kept
          && kept.batch == batch
          && kept.row == row
          && kept.x == x
          && kept.packed == packed
          && kept.slots == slots
          && kept.slotsAt == slotsAt
          && kept.states == states
          && kept.before == before
          && kept.after == after
          && kept.stateRow == stateRow
          && kept.mask == mask) {
        return context.keep(kept);
      }
      return context.keep(
          new Tick(batch, row, x, packed, slots, slotsAt, states, before, after, stateRow, mask));
    }
  }

  /**
   * A traced pass over a sequence.
   *
   * @param batch B
   * @param rows T * B
   * @param x {@code [rows][in]}
   * @param slots {@code [rows][slots]}
   * @param states {@code [rows + B][stateSize]}: row r is the state before row r's step
   * @param mask as in {@link Tick}
   */
  record Run(int batch, int rows, float[] x, float[] slots, float[] states, float[] mask) {}
}
