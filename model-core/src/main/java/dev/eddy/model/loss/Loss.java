package dev.eddy.model.loss;

import dev.eddy.model.seq.FloatSeq;
import java.util.Arrays;

/**
 * Compares outputs with targets. Implementations are immutable and say what one step costs; the
 * convention for batches stands here, once:
 *
 * <ul>
 *   <li>a target that is NaN is not known and adds neither loss nor gradient;
 *   <li>the loss of a batch is the <b>mean over its known targets</b>: gradients are divided by
 *       their count;
 *   <li>sums are doubles, added in the order of memory, so that they are the same everywhere.
 * </ul>
 */
public interface Loss {
  /** Floats in a step of the output. */
  int outputWidth();

  /** Floats in a step of the target. */
  int targetWidth();

  /**
   * The loss of one step: the sum over its known targets.
   *
   * @param output {@code [outputWidth]} from {@code outputAt}. Not modified
   * @param target {@code [targetWidth]} from {@code targetAt}. Not modified
   */
  double step(float[] output, int outputAt, float[] target, int targetAt);

  /**
   * Writes the derivative of {@code scale * step(...)} by the output.
   *
   * @param dOutput {@code [outputWidth]} from {@code outputAt}; holds zeros when called. Modified
   */
  void gradient(
      float[] output, int outputAt, float[] target, int targetAt, double scale, float[] dOutput);

  /** How many of a step's targets are known. */
  default int known(float[] target, int targetAt) {
    int known = 0;
    for (int i = 0; i < targetWidth(); i++) {
      if (!Float.isNaN(target[targetAt + i])) {
        known++;
      }
    }
    return known;
  }

  /**
   * The loss of a batch and its derivative.
   *
   * @param output {@code [T][B][outputWidth]}. Not modified
   * @param target {@code [T][B][targetWidth]}; NaN where not known. Not modified
   * @param dOutput becomes the derivative of the mean loss by the output, {@code
   *     [T][B][outputWidth]}; all zeros where no target is known. Modified
   * @throws IllegalArgumentException if the shapes do not fit
   */
  default LossSum apply(FloatSeq output, FloatSeq target, FloatSeq dOutput) {
    check("output", output, output, outputWidth());
    check("target", target, output, targetWidth());
    check("dOutput", dOutput, output, outputWidth());
    int steps = output.time() * output.batch();
    Arrays.fill(dOutput.data(), 0, steps * outputWidth(), 0f);
    long count = 0;
    for (int i = 0; i < steps; i++) {
      count += known(target.data(), i * targetWidth());
    }
    double sum = 0;
    for (int i = 0; i < steps; i++) {
      int outputAt = i * outputWidth();
      int targetAt = i * targetWidth();
      if (known(target.data(), targetAt) > 0) {
        sum += step(output.data(), outputAt, target.data(), targetAt);
        gradient(output.data(), outputAt, target.data(), targetAt, 1.0 / count, dOutput.data());
      }
    }
    return new LossSum(sum, count);
  }

  private static void check(String name, FloatSeq seq, FloatSeq output, int width) {
    if (seq.time() != output.time() || seq.batch() != output.batch() || seq.width() != width) {
      throw new IllegalArgumentException(
          "%s is [T=%d][B=%d][%d], the loss takes [T=%d][B=%d][%d]"
              .formatted(
                  name,
                  seq.time(),
                  seq.batch(),
                  seq.width(),
                  output.time(),
                  output.batch(),
                  width));
    }
  }
}
