package dev.eddy.model.train;

/**
 * The learning rate over a run: a linear rise over the first twentieth of the steps, while Adam's
 * moments are still rough, then half a cosine down to a hundredth of the peak (Loshchilov and
 * Hutter 2017), which lets the averaged weights settle. Steps count from 0 to {@code rounds *
 * localSteps - 1}.
 */
final class LearningRate {
  private static final double LAST = 0.01;

  private LearningRate() {}

  /** The rate of one step. */
  static double at(TrainingSpec spec, long step) {
    long steps = (long) spec.rounds() * spec.localSteps();
    long rise = Math.max(1, steps / 20);
    if (step < rise) {
      return spec.learningRate() * (step + 1) / rise;
    }
    double gone = (double) (step - rise) / Math.max(1, steps - rise);
    return spec.learningRate()
        * (LAST + (1 - LAST) * 0.5 * (1 + StrictMath.cos(StrictMath.PI * gone)));
  }
}
