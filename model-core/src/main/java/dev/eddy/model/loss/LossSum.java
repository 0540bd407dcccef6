package dev.eddy.model.loss;

/**
 * The loss of a batch, not yet divided.
 *
 * @param sum the losses of all known targets, added up
 * @param count how many targets were known
 */
public record LossSum(double sum, long count) {
  /** The mean loss of a known target; NaN where none was known. */
  public double mean() {
    return count == 0 ? Double.NaN : sum / count;
  }
}
