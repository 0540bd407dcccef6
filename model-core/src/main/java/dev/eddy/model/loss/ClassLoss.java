package dev.eddy.model.loss;

import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.Map;

/**
 * A loss that compares the scores of each step, one for each class, with the id of the right class;
 * below 0 where it is not known.
 */
interface ClassLoss extends Loss {
  /** The losses of single steps, on scores {@code [T][B][outputWidth]}. */
  ClassStep step(Bundle target, Context context);

  /** The loss of one step. */
  interface ClassStep {
    /**
     * The loss of a step.
     *
     * @param x the scores, {@code [outputWidth]} from {@code at}. Not modified
     * @param target the right class, a column of x
     * @param d becomes the derivative of {@code scale * loss} by x, {@code [outputWidth]} from
     *     {@code dAt}. Modified
     */
    double of(float[] x, int at, int target, double scale, float[] d, int dAt);
  }

  @Override
  default Shape target() {
    return new Shape(Map.of(Bundle.MAIN, 0));
  }

  @Override
  default LossSum apply(Bundle output, Bundle target, FloatSeq dOutput, Context context) {
    Checks.derivative(this, output, dOutput);
    return Steps.apply(output, target, dOutput, steps(output, target, context));
  }

  @Override
  default LossSum score(Bundle output, Bundle target, int b, Context context) {
    return Steps.score(output, target, b, steps(output, target, context));
  }

  private StepBatch steps(Bundle output, Bundle target, Context context) {
    float[] x = Checks.output(this, output).data();
    int[] ids = Checks.ids(this, output, target).data();
    ClassStep step = step(target, context);
    float[] scratch = context.floats(outputWidth());
    return new StepBatch() {
      @Override
      public int known(int i) {
        return ids[i] < 0 ? 0 : 1;
      }

      @Override
      public double step(int i, double scale, float[] d) {
        int at = i * outputWidth();
        int id = Checks.id(ClassLoss.this, ids[i], outputWidth());
        return d == null ? step.of(x, at, id, scale, scratch, 0) : step.of(x, at, id, scale, d, at);
      }
    };
  }
}
