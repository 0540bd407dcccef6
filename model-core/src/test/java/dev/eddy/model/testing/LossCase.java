package dev.eddy.model.testing;

import dev.eddy.model.kernel.Rng;
import dev.eddy.model.loss.Loss;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.testing.Tape.Var;

/**
 * One loss in one setting, as the contract kit tries it.
 *
 * @param loss the loss
 * @param targets what it is compared with
 * @param formula the same loss, on the tape
 */
public record LossCase(Loss loss, Targets targets, Formula formula) {

  /** Makes random targets of T steps and B sequences, some of them not known. */
  @FunctionalInterface
  public interface Targets {
    /** The targets; on the clock of the output unless they have lengths of their own. */
    Bundle of(int time, int batch, Rng rng);
  }

  /** The sum of the losses of one sequence, written from the equations alone. */
  @FunctionalInterface
  public interface Formula {
    /**
     * The loss.
     *
     * @param x outputs {@code [T][outputWidth]}, real steps only
     * @param target of this sequence alone, real steps only
     */
    Var of(Tape tape, Var[][] x, Bundle target);
  }

  @Override
  public String toString() {
    return loss.toString();
  }
}
