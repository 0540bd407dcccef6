package dev.eddy.model.loss;

import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;

/** A loss that compares each step with floats of its own, NaN where they are not known. */
public interface StepLoss extends Loss {
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

  @Override
  default Shape target() {
    return Shape.of(targetWidth());
  }

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

  @Override
  default LossSum apply(Bundle output, Bundle target, FloatSeq dOutput, Context context) {
    Checks.derivative(this, output, dOutput);
    return Steps.apply(output, target, dOutput, steps(output, target));
  }

  @Override
  default LossSum score(Bundle output, Bundle target, int b, Context context) {
    return Steps.score(output, target, b, steps(output, target));
  }

  private StepBatch steps(Bundle output, Bundle target) {
    float[] x = Checks.output(this, output).data();
    float[] y = Checks.floats(this, output, target, targetWidth()).data();
    return new StepBatch() {
      @Override
      public int known(int i) {
        return StepLoss.this.known(y, i * targetWidth());
      }

      @Override
      public double step(int i, double scale, float[] d) {
        int at = i * outputWidth();
        if (d != null) {
          gradient(x, at, y, i * targetWidth(), scale, d);
        }
        return StepLoss.this.step(x, at, y, i * targetWidth());
      }
    };
  }
}
