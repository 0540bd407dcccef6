package dev.eddy.model.train;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Threads that work on numbered items in waves. The results of a wave are folded in the order of
 * the items on the caller's thread, which works too; so nothing depends on the number of threads.
 */
final class Workers implements AutoCloseable {
  private final int threads;
  private final ExecutorService pool; // null for one thread

  /** What is done with an item. */
  interface Work {
    /** worker: 0 .. threads - 1, used by one item at a time. */
    void run(int worker, int item);
  }

  Workers(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("training takes at least 1 thread, got " + threads);
    }
    this.threads = threads;
    this.pool = threads == 1 ? null : Executors.newFixedThreadPool(threads - 1, Workers::thread);
  }

  int threads() {
    return threads;
  }

  /**
   * Works on items 0 .. count - 1.
   *
   * @param fold called with 0, 1, ... and the worker that had the item
   * @throws CancellationException if the thread was interrupted (the flag stays set)
   */
  void run(int count, Work work, Fold fold) {
    for (int first = 0; first < count; first += threads) {
      Interrupts.check();
      int wave = Math.min(threads, count - first);
      wave(first, wave, work);
      for (int worker = 0; worker < wave; worker++) {
        fold.fold(worker, first + worker);
      }
    }
  }

  /** What is done with an item's result. */
  interface Fold {
    /** Called in the order of the items. */
    void fold(int worker, int item);
  }

  private void wave(int first, int wave, Work work) {
    List<Future<?>> others = new ArrayList<>();
    for (int worker = 1; worker < wave; worker++) {
      int w = worker;
      others.add(pool.submit(() -> work.run(w, first + w)));
    }
    try {
      work.run(0, first);
    } finally {
      others.forEach(Workers::await); // nobody works on when this returns, whatever happened
    }
  }

  private static void await(Future<?> work) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          Object unused = work.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true; // an item is short: wait for it, then say so
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("a training thread failed: " + e.getCause(), e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "eddy-train");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    if (pool != null) {
      pool.shutdownNow();
    }
  }
}
