package dev.eddy.jobs.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.eddy.model.data.SeriesBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SharedHistoriesTest {
  private static final HistoryRange.Topic RANGE =
      new HistoryRange.Topic("events", List.of(new HistoryRange.Part(0, 0, 1)));
  private static final SharedHistories.Key KEY = new SharedHistories.Key("run", RANGE);

  @TempDir private Path folder;
  private final AtomicInteger loads = new AtomicInteger();

  @AfterEach
  void nothingIsLeft() {
    assertThat(SharedHistories.size()).isZero();
  }

  /** So many readings that they lie on disk. */
  private StoredHistory load() {
    loads.incrementAndGet();
    try (SeriesBuilder builder = new SeriesBuilder(SeriesBuilder.MIN_BYTES, 10, folder)) {
      SeriesBuilder.Series series = builder.series("m");
      for (int t = 0; t < 20_000; t++) {
        builder.add(series, t, t);
      }
      return new StoredHistory(builder.finish(), 20_000, 0, 0, 0);
    }
  }

  @Test
  void theReadersOfARunShareOneAndTheLastOneClosesIt() throws Exception {
    LoadedHistory first = SharedHistories.open(KEY, this::load);
    LoadedHistory second = SharedHistories.open(KEY, this::load);
    LoadedHistory other =
        SharedHistories.open(new SharedHistories.Key("another run", RANGE), this::load);
    assertThat(loads).hasValue(2);
    assertThat(first.diskBytes()).isPositive();
    assertThat(first.series().get(0).value(19_999)).isEqualTo(19_999);
    other.close();
    first.close();
    first.close();
    assertThatThrownBy(() -> first.series().get(0).value(0)).hasMessageContaining("closed");
    assertThat(second.series().get(0).value(7)).isEqualTo(7);
    second.close();
    assertThat(SharedHistories.size()).isZero();
    assertThatThrownBy(() -> second.series().get(0).value(0)).hasMessageContaining("closed");
    SharedHistories.open(KEY, this::load).close();
    assertThat(loads).hasValue(3);
  }

  @Test
  void whoWaitsForALoaderThatFailsLoadsItself() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch fail = new CountDownLatch(1);
    FutureTask<LoadedHistory> failing =
        new FutureTask<>(
            () ->
                SharedHistories.open(
                    KEY,
                    () -> {
                      begun.countDown();
                      fail.await();
                      throw new IllegalStateException("the broker is gone");
                    }));
    new Thread(failing).start();
    begun.await();
    CompletableFuture<LoadedHistory> waiting =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return SharedHistories.open(KEY, this::load);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    fail.countDown();
    assertThatThrownBy(failing::get).hasRootCauseMessage("the broker is gone");
    try (LoadedHistory history = waiting.get()) {
      assertThat(history.records()).isEqualTo(20_000);
    }
    assertThat(loads).hasValue(1);
  }

  @Test
  void whoWaitsCanBeInterrupted() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    FutureTask<LoadedHistory> slow =
        new FutureTask<>(
            () ->
                SharedHistories.open(
                    KEY,
                    () -> {
                      begun.countDown();
                      go.await();
                      return load();
                    }));
    new Thread(slow).start();
    begun.await();
    FutureTask<LoadedHistory> waiting =
        new FutureTask<>(() -> SharedHistories.open(KEY, this::load));
    Thread thread = new Thread(waiting);
    thread.start();
    await().until(() -> thread.getState() == Thread.State.WAITING);
    thread.interrupt();
    assertThatThrownBy(waiting::get).hasCauseInstanceOf(InterruptedException.class);
    go.countDown();
    slow.get().close();
    assertThat(loads).hasValue(1);
  }
}
