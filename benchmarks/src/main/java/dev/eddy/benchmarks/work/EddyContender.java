package dev.eddy.benchmarks.work;

/** Eddy, on the kernels that {@code -Deddy.kernels} names. */
final class EddyContender implements Contender {
  @Override
  public Stepper stepper(StepWork work) {
    return new EddyStepper(work);
  }

  @Override
  public Learner learner(TrainWork work) {
    return new EddyLearner(work);
  }

  /** Writes a layer's weights as Eddy keeps them: W [I][4H], U [H][4H], b [4H]. */
  static int put(LstmWeights layer, float[] weights, int at) {
    float[] w = LstmWeights.transposed(layer.w(), layer.inputs());
    float[] u = LstmWeights.transposed(layer.u(), layer.hidden());
    System.arraycopy(w, 0, weights, at, w.length);
    System.arraycopy(u, 0, weights, at + w.length, u.length);
    System.arraycopy(layer.b(), 0, weights, at + w.length + u.length, layer.b().length);
    return at + w.length + u.length + layer.b().length;
  }
}
