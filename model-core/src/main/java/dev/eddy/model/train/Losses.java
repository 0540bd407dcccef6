package dev.eddy.model.train;

import dev.eddy.model.layer.Context;
import dev.eddy.model.loss.Loss;
import dev.eddy.model.loss.LossSum;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;

/** How trainers ask a loss, with the buffer that its derivative is written into. */
final class Losses {
  private final Loss loss;
  private float[] dOutput = new float[0]; // [T][B][outputWidth]
  private FloatSeq derivative;

  Losses(Loss loss) {
    this.loss = loss;
  }

  /** The loss of a block; {@link #derivative} holds its derivative until the next call. */
  LossSum apply(Bundle output, Bundle target, Context context) {
    FloatSeq main = output.main();
    int size = main.time() * main.batch() * main.width();
    if (dOutput.length < size) {
      dOutput = new float[size];
    }
    derivative = new FloatSeq(main.time(), main.batch(), main.width(), dOutput);
    return loss.apply(output, target, derivative, context);
  }

  /** The derivative of the mean loss by the output. */
  FloatSeq derivative() {
    return derivative;
  }

  /** The loss of a block, without derivative. */
  LossSum score(Bundle output, Bundle target, Context context) {
    double sum = 0;
    long count = 0;
    for (int b = 0; b < output.batch(); b++) {
      LossSum one = loss.score(output, target, b, context);
      sum += one.sum();
      count += one.count();
    }
    return new LossSum(sum, count);
  }
}
