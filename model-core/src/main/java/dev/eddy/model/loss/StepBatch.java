package dev.eddy.model.loss;

/** A batch that is about to be compared step by step. Step i = t * B + b. */
interface StepBatch {
  /** How many of a step's targets are known. */
  int known(int i);

  /**
   * The loss of a step that has known targets: their sum.
   *
   * @param d takes the derivative of {@code scale * loss} by the output, {@code [outputWidth]} from
   *     {@code i * outputWidth}, zeros when called; null: no derivative is asked for. Modified
   */
  double step(int i, double scale, float[] d);
}
