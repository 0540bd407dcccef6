package dev.eddy.jobs.terminal;

/**
 * Standard error's terminal. Java cannot ask for it; the launcher has, and says so in two system
 * properties.
 */
public final class Terminal {
  private static final int DEFAULT_COLUMNS = 80;

  private Terminal() {}

  /** Whether standard error is a terminal. */
  public static boolean present() {
    return Boolean.getBoolean("eddy.terminal");
  }

  /** Its width; 80 where it does not say. */
  public static int columns() {
    int columns = Integer.getInteger("eddy.columns", DEFAULT_COLUMNS);
    return columns > 0 ? columns : DEFAULT_COLUMNS;
  }
}
