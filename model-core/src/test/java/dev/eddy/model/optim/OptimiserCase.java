package dev.eddy.model.optim;

/**
 * An optimiser with unusual constants and what it should do to one weight, in double precision and
 * written anew from the paper.
 *
 * @param optimiser what is tested
 * @param reference the same for one weight
 */
record OptimiserCase(Optimiser optimiser, Reference reference) {

  /** One weight's step. */
  interface Reference {
    /**
     * The weight after the step.
     *
     * @param m the weight's moments, {@code [k]}. Modified
     */
    double step(double w, double g, double[] m, int s, double rate);
  }

  @Override
  public String toString() {
    return optimiser.toString();
  }
}
