package dev.eddy.jobs.report;

import java.util.Locale;

/** How a run ended. */
public enum Outcome {
  /** The model is live. */
  PUBLISHED,
  /** The gate refused the model; the live one stays. */
  REFUSED,
  /** The job failed; nothing was published. */
  FAILED,
  /** Somebody ended the run; nothing was published. */
  CANCELLED,
  /** The topic says nothing of an end: the run is under way, or its job was lost. */
  UNFINISHED;

  /** The word for machines and people. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
