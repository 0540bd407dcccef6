package dev.eddy.model.task.forecast;

/**
 * A ring of slots belonging to one entity: keyed state in a job, an array in an offline pass.
 *
 * @param <T> what a slot holds
 */
public interface Slots<T> {
  /** What slot i holds; null if nothing was put there. */
  T get(int i);

  /** Replaces what slot i holds. */
  void put(int i, T value);
}
