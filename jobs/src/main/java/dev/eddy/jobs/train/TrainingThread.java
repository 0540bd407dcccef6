package dev.eddy.jobs.train;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread on which a reader loads and trains, so that its mailbox stays free for barriers
 * and cancellation. Work is done in the order in which it was given.
 */
final class TrainingThread implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingThread.class);

  /** How long {@link #close()} waits for work that has been interrupted to notice. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Something to do that may fail in any way and may be interrupted. */
  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }

  private final BlockingQueue<Work> queue = new LinkedBlockingQueue<>();
  private final Consumer<Throwable> onFailure;
  private final Runnable atEnd;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * A thread, not yet started.
   *
   * @param name its name, as a thread dump shows it
   * @param loader its context class loader: the job's, for libraries that look there
   * @param onFailure hears on the training thread of the failure that ended it; not of its own
   *     closing
   * @param atEnd run on the training thread when it ends, however that comes
   */
  TrainingThread(String name, ClassLoader loader, Consumer<Throwable> onFailure, Runnable atEnd) {
    this.onFailure = onFailure;
    this.atEnd = atEnd;
    this.thread = new Thread(this::loop, name);
    this.thread.setDaemon(true);
    this.thread.setContextClassLoader(loader);
  }

  void start() {
    thread.start();
  }

  /** Takes on work; never blocks. */
  void submit(Work work) {
    queue.add(work);
  }

  private void loop() {
    try {
      while (!closed) {
        queue.take().run();
      }
    } catch (Throwable failure) { // Errors too: the task must hear of an OutOfMemoryError
      if (!closed) {
        onFailure.accept(failure);
      }
    } finally {
      atEnd.run();
    }
  }

  /**
   * Interrupts what is being done and waits for it to end, for a bounded time: a task must not hang
   * in its closing.
   */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the task is in a hurry: the thread ends by itself
    }
    if (thread.isAlive()) {
      LOG.warn(
          "Thread {} has not ended {} after it was interrupted; it is left to itself",
          thread.getName(),
          PATIENCE);
    }
  }
}
