package dev.eddy.jobs.train;

import java.util.Locale;

/** The trainings of a run, in order. */
enum Stage {
  /** On the training stretch, stopped early by validation; then comes the gate. */
  TRAIN,
  /** Once more on all data, after the gate has let the first through. */
  REFIT;

  /** As reports name it. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
