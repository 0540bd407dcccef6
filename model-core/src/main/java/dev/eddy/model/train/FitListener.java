package dev.eddy.model.train;

/** Hears of a fit, on its thread. */
public interface FitListener {
  /** Hears nothing. */
  FitListener NONE = new FitListener() {};

  /** After every step. */
  default void step(FitProgress progress) {}

  /** After every validation, or every epoch where there is no validation data. */
  default void row(History.Row row) {}
}
