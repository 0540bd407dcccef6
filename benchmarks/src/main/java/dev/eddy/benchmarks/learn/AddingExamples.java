package dev.eddy.benchmarks.learn;

import dev.eddy.model.kernel.Rng;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.train.Example;
import dev.eddy.model.train.Examples;

/**
 * The adding problem (Hochreiter and Schmidhuber 1997, in the form of Le, Jaitly and Hinton 2015):
 * a step is a number from 0 to 1 and a flag, set once in each half of the sequence; the target is
 * the sum of the two flagged numbers. Who always says 1 has a mean squared error of 1/6.
 *
 * @param count how many sequences
 * @param time T, steps of each
 * @param seed sequence n follows from (seed, n)
 */
record AddingExamples(int count, int time, long seed) implements Examples {
  private static final int WIDTH = 2;

  @Override
  public int length(int number) {
    return time;
  }

  @Override
  public Example get(int number) {
    Rng rng = Rng.of(seed, number, 0);
    FloatSeq x = FloatSeq.zeros(time, 1, WIDTH);
    for (int t = 0; t < time; t++) {
      x.data()[WIDTH * t] = rng.nextFloat();
    }
    float sum = flag(x, rng.nextInt(time / 2)) + flag(x, time / 2 + rng.nextInt(time - time / 2));
    return new Example(Bundle.of(x), Bundle.of(new FloatSeq(1, 1, 1, new float[] {sum})));
  }

  /** Flags a step and gives its number. x: Modified. */
  private static float flag(FloatSeq x, int t) {
    x.data()[WIDTH * t + 1] = 1;
    return x.data()[WIDTH * t];
  }
}
