package dev.eddy.model.data;

/** What cannot be kept within the memory that was allowed, not even with the help of a disk. */
public final class MemoryBudgetException extends RuntimeException {
  /** A failure whose message says what takes the memory and what to do. */
  public MemoryBudgetException(String message) {
    super(message);
  }
}
