package dev.eddy.model.train;

import dev.eddy.model.optim.UpdateSpec;

/**
 * How {@link Fit} trains. Part of what its result depends on.
 *
 * @param update what a gradient does to the weights
 * @param epochs passes over the training data at most
 * @param accumulate batches whose gradients make one step; 1 for a step a batch
 * @param validateEvery steps between two validations; 0 for one at the end of every epoch
 * @param patience validations in a row without a new least loss after which training stops
 * @param seed the randomness of layers (dropout) follows from it
 */
public record FitSpec(
    UpdateSpec update, int epochs, int accumulate, int validateEvery, int patience, long seed) {

  /**
   * Checks every value.
   *
   * @throws IllegalArgumentException naming the field, its value and what is allowed
   */
  public FitSpec {
    if (update == null) {
      throw new IllegalArgumentException("update must be given, for example UpdateSpec.of(...)");
    }
    atLeast("epochs", epochs, 1);
    atLeast("accumulate", accumulate, 1);
    atLeast("validateEvery", validateEvery, 0);
    atLeast("patience", patience, 1);
  }

  /** A step a batch, validated after every epoch, never stopped early. */
  public static FitSpec of(UpdateSpec update, int epochs, long seed) {
    return new FitSpec(update, epochs, 1, 0, Integer.MAX_VALUE, seed);
  }

  /** The same, stopped after so many validations without a new least loss. */
  public FitSpec withPatience(int validations) {
    return new FitSpec(update, epochs, accumulate, validateEvery, validations, seed);
  }

  /** The same, validated every so many steps. */
  public FitSpec withValidateEvery(int steps) {
    return new FitSpec(update, epochs, accumulate, steps, patience, seed);
  }

  /** The same with a step every so many batches. */
  public FitSpec withAccumulate(int batches) {
    return new FitSpec(update, epochs, batches, validateEvery, patience, seed);
  }

  private static void atLeast(String field, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(field + " must be at least " + least + ", got " + value);
    }
  }
}
