package dev.eddy.model.loss;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.seq.IntSeq;
import dev.eddy.model.seq.Seq;

/** What losses check, and what they say where it does not hold. */
final class Checks {
  /** Floats in a step of an output: far above any use, and no size overflows below it. */
  private static final int MAX_WIDTH = 1 << 24;

  private Checks() {}

  /** Checks a number of targets, classes or the like: from {@code least} on. */
  static void size(String kind, String name, long size, int least) {
    require(
        size >= least && size <= MAX_WIDTH,
        "%s: %s must be from %d to %,d, got %d",
        kind,
        name,
        least,
        MAX_WIDTH,
        size);
  }

  /** Throws an IllegalArgumentException where something does not hold. */
  @SuppressWarnings("AnnotateFormatMethod") // the annotation is in a library we do not need
  static void require(boolean holds, String message, Object... values) {
    if (!holds) {
      throw new IllegalArgumentException(message.formatted(values));
    }
  }

  /** Checks a share of smoothing: within [0, 1). */
  static void smoothing(String kind, double smoothing) {
    require(
        smoothing >= 0 && smoothing < 1,
        "%s: smoothing must be from 0 to below 1, got %s",
        kind,
        smoothing);
  }

  /** The output's main part. */
  static FloatSeq output(Loss loss, Bundle output) {
    FloatSeq x = output.main();
    fits(loss, "output", x, x.width(), x, loss.outputWidth());
    return x;
  }

  /** Checks where the derivative goes. */
  static void derivative(Loss loss, Bundle output, FloatSeq dOutput) {
    fits(loss, "dOutput", dOutput, dOutput.width(), output.main(), loss.outputWidth());
  }

  /** The target's main part, floats for each step of the output. */
  static FloatSeq floats(Loss loss, Bundle output, Bundle target, int width) {
    Seq main = main(loss, target);
    if (main instanceof FloatSeq floats) {
      fits(loss, "target", floats, floats.width(), output.main(), width);
      return floats;
    }
    throw new IllegalArgumentException(
        "%s: the target must be %d floats a step, got ids".formatted(loss.kind(), width));
  }

  /** The target's main part, an id for each step of the output. */
  static IntSeq ids(Loss loss, Bundle output, Bundle target) {
    IntSeq ids = ids(loss, target);
    FloatSeq x = output.main();
    require(
        ids.time() == x.time() && ids.batch() == x.batch(),
        "%s: target is [T=%d][B=%d], the loss takes [T=%d][B=%d]",
        loss.kind(),
        ids.time(),
        ids.batch(),
        x.time(),
        x.batch());
    return ids;
  }

  /** The target's main part, ids on a clock of their own. */
  static IntSeq ids(Loss loss, Bundle target) {
    if (main(loss, target) instanceof IntSeq ids) {
      return ids;
    }
    throw new IllegalArgumentException(
        "%s: the target must be ids, got floats".formatted(loss.kind()));
  }

  private static Seq main(Loss loss, Bundle target) {
    Seq main = target.parts().get(Bundle.MAIN);
    require(
        main != null,
        "%s: the target has no part '%s', only %s",
        loss.kind(),
        Bundle.MAIN,
        target.parts().keySet());
    return main;
  }

  /** A known id. */
  static int id(Loss loss, int id, int classes) {
    require(id < classes, "%s: target %d is not one of the %d classes", loss.kind(), id, classes);
    return id;
  }

  private static void fits(
      Loss loss, String name, Seq seq, int width, FloatSeq output, int expected) {
    require(
        seq.time() == output.time() && seq.batch() == output.batch() && width == expected,
        "%s: %s is [T=%d][B=%d][%d], the loss takes [T=%d][B=%d][%d]",
        loss.kind(),
        name,
        seq.time(),
        seq.batch(),
        width,
        output.time(),
        output.batch(),
        expected);
  }
}
