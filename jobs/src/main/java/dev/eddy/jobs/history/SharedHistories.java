package dev.eddy.jobs.history;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * The histories that this process has loaded: one for all slots of a run. The first reader loads,
 * the others wait for it; the last one closes it.
 */
final class SharedHistories {
  private static final Map<Key, Shared> HISTORIES = new HashMap<>(); // guarded by itself

  private SharedHistories() {}

  /**
   * What readers must agree on to share.
   *
   * @param run names the run
   * @param range what it sees
   */
  record Key(String run, HistoryRange range) {}

  /** A history, or the wish for one. */
  private static final class Shared {
    private int readers;
    private boolean loading;
    private StoredHistory history; // null until loaded
  }

  /**
   * The history of a run. Whoever waits and finds that loading has failed, or was interrupted,
   * loads itself.
   *
   * @param load reads it
   * @throws InterruptedException if the thread was interrupted while it waited
   */
  static LoadedHistory open(Key key, Callable<StoredHistory> load) throws Exception {
    Shared shared;
    synchronized (HISTORIES) {
      shared = HISTORIES.computeIfAbsent(key, k -> new Shared());
      shared.readers++;
      try {
        while (shared.loading) {
          HISTORIES.wait();
        }
      } catch (InterruptedException e) {
        leave(key, shared);
        throw e;
      }
      if (shared.history != null) {
        return open(key, shared);
      }
      shared.loading = true;
    }
    StoredHistory history = null;
    try {
      history = load.call();
    } finally {
      synchronized (HISTORIES) {
        shared.loading = false;
        shared.history = history;
        HISTORIES.notifyAll();
        if (history == null) {
          leave(key, shared);
        }
      }
    }
    return open(key, shared);
  }

  private static LoadedHistory open(Key key, Shared shared) {
    try {
      return shared.history.open(() -> leave(key, shared));
    } catch (RuntimeException | Error e) {
      leave(key, shared);
      throw e;
    }
  }

  private static void leave(Key key, Shared shared) {
    synchronized (HISTORIES) {
      shared.readers--;
      if (shared.readers == 0) {
        HISTORIES.remove(key);
        if (shared.history != null) {
          shared.history.close();
        }
      }
    }
  }

  /** How many histories are in use. */
  static int size() {
    synchronized (HISTORIES) {
      return HISTORIES.size();
    }
  }
}
