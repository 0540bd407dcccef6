package dev.eddy.model.model;

/** A model file that cannot be used, and why. */
public final class ModelFileException extends RuntimeException {
  /** The four ways in which a file fails; each asks for something else to be done. */
  public enum Kind {
    /** Something else altogether: check the path. */
    NOT_A_MODEL,
    /** Damaged or cut short: fetch it again. */
    CORRUPT,
    /** Written by a version that is no longer read: train again. */
    TOO_OLD,
    /** Written by a newer version: upgrade. */
    TOO_NEW
  }

  private final Kind kind;

  /** A failure of a kind, with a message that names actual and expected. */
  public ModelFileException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** Which of the four. */
  public Kind kind() {
    return kind;
  }
}
