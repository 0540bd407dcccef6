package dev.eddy.jobs.io;

import java.io.IOException;

/**
 * A file that is not what the configuration says, for all its rows: no such column, another format,
 * cut off. The message names the file, what was found and what to do.
 */
public final class BadFileException extends IOException {
  private static final long serialVersionUID = 1L;

  /** A file and what is wrong with it. */
  BadFileException(Object file, String what) {
    super(file + ": " + what);
  }
}
