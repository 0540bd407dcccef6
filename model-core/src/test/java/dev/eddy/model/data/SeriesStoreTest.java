package dev.eddy.model.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.eddy.model.kernel.Rng;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeriesStoreTest {
  private static final int WINDOW = 50;

  @TempDir private Path directory;

  /** Readings of all entities, mixed as they come; a few of them late. */
  private static List<RawSeries> feed(SeriesBuilder builder, int entities, int readings) {
    List<SeriesBuilder.Series> numbers = new ArrayList<>();
    List<RawSeries> expected = new ArrayList<>();
    Rng random = new Rng(7);
    for (int i = 0; i < readings; i++) {
      int e = i < entities ? i : random.nextInt(1 + random.nextInt(entities));
      if (e == numbers.size()) {
        String name = "e" + (e * 7919L % entities); // not in the order of names
        numbers.add(builder.series(name));
        expected.add(new RawSeries(name));
      }
      long time = random.nextInt(50) == 0 ? i - 1000L : i;
      double value = random.nextInt(9) == 0 ? Double.NaN : 5 * e + random.nextGaussian();
      if (builder.add(numbers.get(e), time, value) != expected.get(e).add(time, value)) {
        throw new AssertionError("reading %d: the builder differs about what is late".formatted(i));
      }
    }
    expected.sort((a, b) -> a.entity().compareTo(b.entity()));
    return expected;
  }

  private static void same(List<RawSeries> series, List<RawSeries> expected) {
    assertThat(series).hasSameSizeAs(expected);
    for (int e = 0; e < series.size(); e++) {
      same(series.get(e), expected.get(e));
    }
  }

  private static void same(RawSeries one, RawSeries other) {
    assertThat(one.entity()).isEqualTo(other.entity());
    assertThat(one.length()).isEqualTo(other.length());
    SeriesScale scale = one.scale(WINDOW);
    SeriesScale expected = other.scale(WINDOW);
    SeriesScale slow = one.scale(20 * WINDOW);
    SeriesScale expectedSlow = other.scale(20 * WINDOW);
    long wrong = 0;
    for (int t = 0; t < one.length(); t++) {
      wrong += one.time(t) == other.time(t) ? 0 : 1;
      wrong += differ(one.value(t), other.value(t));
      wrong += differ(scale.mean(t), expected.mean(t));
      wrong += differ(scale.std(t), expected.std(t));
      wrong += differ(slow.std(t), expectedSlow.std(t));
      int back = t - t % 77; // to and fro, as chunks of inputs and targets are read
      wrong += differ(slow.mean(back), expectedSlow.mean(back));
    }
    assertThat(wrong).as("numbers of '%s' that differ", one.entity()).isZero();
    for (long time = -1500; time < 3000; time += 500) {
      assertThat(one.firstAtOrAfter(time)).isEqualTo(other.firstAtOrAfter(time));
    }
  }

  private static int differ(double a, double b) {
    return Double.doubleToRawLongBits(a) == Double.doubleToRawLongBits(b) ? 0 : 1;
  }

  @ParameterizedTest
  @CsvSource({
    "64000000, 7, 90000, false", // all of it fits
    "288000, 7, 90000, true", // a fifth of 16 bytes a reading
    "262144, 1, 200000, true", // one huge entity
    "262144, 1, 700, false",
    "400000, 200, 5000, false",
    "262144, 160, 30000, true", // the entities alone take nearly all that they may
    "1048576, 600, 250000, true",
  })
  void everyBudgetGivesTheSameBits(long budget, int entities, int readings, boolean spills)
      throws IOException {
    try (SeriesBuilder builder = new SeriesBuilder(budget, WINDOW, directory)) {
      List<RawSeries> expected = feed(builder, entities, readings);
      try (SeriesStore store = builder.finish();
          SeriesStore.View view = store.open()) {
        assertThat(builder.peakBytes()).isPositive().isLessThanOrEqualTo(budget);
        assertThat(store.diskBytes() > 0).isEqualTo(spills);
        assertThat(store.entities()).isEqualTo(entities);
        assertThat(store.readings())
            .isEqualTo(expected.stream().mapToLong(RawSeries::length).sum());
        same(view.series(), expected);
        assertThat(view.bytes()).isPositive().isLessThanOrEqualTo(budget);
        try (var names = Files.list(directory)) {
          assertThat(names).as("files that somebody would have to clean up").isEmpty();
        }
      }
    }
  }

  @Test
  void threadsAndReadersShareAStore() {
    try (SeriesBuilder builder = new SeriesBuilder(SeriesBuilder.MIN_BYTES, WINDOW, directory)) {
      List<RawSeries> expected = feed(builder, 3, 60_000);
      try (SeriesStore store = builder.finish();
          SeriesStore.View second = store.open()) {
        SeriesStore.View first = store.open();
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
          SeriesStore.View view = i % 2 == 0 ? first : second;
          int seed = i;
          threads.add(CompletableFuture.runAsync(() -> wander(view.series(), expected, seed)));
        }
        threads.forEach(CompletableFuture::join);
        assertThat(first.bytes()).isLessThanOrEqualTo(SeriesBuilder.MIN_BYTES);
        first.close();
        assertThatThrownBy(() -> first.series().get(0).time(0))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("closed");
        same(second.series(), expected);
      }
    }
  }

  /** Short walks from places all over the series, as training takes them. */
  private static void wander(List<RawSeries> series, List<RawSeries> expected, int seed) {
    Rng random = new Rng(seed);
    for (int walk = 0; walk < 2000; walk++) {
      int e = random.nextInt(series.size());
      int from = random.nextInt(series.get(e).length());
      int to = Math.min(from + 70, series.get(e).length());
      for (int t = from; t < to; t++) {
        if (series.get(e).time(t) != expected.get(e).time(t)
            || differ(series.get(e).value(t), expected.get(e).value(t)) > 0) {
          throw new AssertionError("series %d differs at %d".formatted(e, t));
        }
      }
    }
  }

  @Test
  void aHundredThousandEntities() {
    long budget = 160L << 20;
    try (SeriesBuilder builder = new SeriesBuilder(budget, WINDOW, directory)) {
      List<SeriesBuilder.Series> all = new ArrayList<>();
      for (int e = 0; e < 100_000; e++) {
        all.add(builder.series("e" + e));
      }
      for (int t = 0; t < 30; t++) {
        for (int e = 0; e < all.size(); e++) {
          builder.add(all.get(e), t, e + t);
        }
      }
      try (SeriesStore store = builder.finish();
          SeriesStore.View view = store.open()) {
        assertThat(store.diskBytes()).isPositive();
        long wrong = 0;
        for (RawSeries one : view.series()) {
          int e = Integer.parseInt(one.entity().substring(1));
          wrong += one.length() == 30 && one.value(0) == e && one.value(29) == e + 29 ? 0 : 1;
        }
        assertThat(wrong).isZero();
        assertThat(Math.max(builder.peakBytes(), view.bytes())).isLessThanOrEqualTo(budget);
      }
    }
  }

  @Test
  void moreEntitiesThanTheBudgetAllowsAreRefused() {
    try (SeriesBuilder builder = new SeriesBuilder(1 << 20, WINDOW, directory)) {
      assertThatThrownBy(
              () -> {
                for (int e = 0; e < 100_000; e++) {
                  builder.add(builder.series("e" + e), 0, 1);
                }
              })
          .isInstanceOf(MemoryBudgetException.class)
          .hasMessageContaining("training.memory is 1,048,576 bytes")
          .hasMessageContaining("raise training.memory to at least");
    }
  }

  @Test
  void whatTheCallerKeepsIsCountedToo() {
    try (SeriesBuilder builder = new SeriesBuilder(1 << 20, WINDOW, directory)) {
      builder.reserve(400_000);
      builder.reserve(-400_000);
      builder.reserve(400_000);
      assertThatThrownBy(() -> builder.reserve(400_000))
          .isInstanceOf(MemoryBudgetException.class)
          .hasMessageContaining("serving.ordering.max-delay");
    }
  }

  @Test
  void aStoredSeriesKnowsItsBounds() {
    try (SeriesBuilder builder = new SeriesBuilder(SeriesBuilder.MIN_BYTES, WINDOW, directory)) {
      feed(builder, 2, 50_000);
      try (SeriesStore store = builder.finish();
          SeriesStore.View view = store.open()) {
        RawSeries series = view.series().get(0);
        assertThatThrownBy(() -> series.time(series.length()))
            .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> series.value(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> series.add(1 << 30, 1))
            .isInstanceOf(UnsupportedOperationException.class);
        series.trim();
        assertThat(series.time(0)).isZero();
      }
    }
  }

  @Test
  void aDamagedFileIsSaid() throws IOException {
    List<Path> made = new ArrayList<>();
    Supplier<TemporaryFile> files =
        () -> {
          try {
            made.add(Files.createTempFile(directory, "visible", ".tmp"));
            return TemporaryFile.on(made.get(made.size() - 1));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    try (SeriesBuilder builder = new SeriesBuilder(SeriesBuilder.MIN_BYTES, WINDOW, files)) {
      feed(builder, 2, 50_000);
      try (SeriesStore store = builder.finish();
          SeriesStore.View view = store.open();
          RandomAccessFile file = new RandomAccessFile(made.get(1).toFile(), "rw")) {
        RawSeries series = view.series().get(0);
        file.seek(100);
        int before = file.read();
        file.seek(100);
        file.write(before + 1);
        assertThatThrownBy(() -> series.value(0))
            .isInstanceOf(UncheckedIOException.class)
            .hasMessageContaining("block 0 is not what was written");
        file.setLength(store.diskBytes() / 2);
        assertThatThrownBy(() -> series.scale(WINDOW).mean(series.length() - 1))
            .isInstanceOf(UncheckedIOException.class)
            .hasMessageContaining("temporary file of the history in " + directory)
            .hasMessageContaining("it ends before byte");
      }
    }
  }

  @Test
  void aFullDiskIsSaid() {
    Path full = Path.of("/dev/full"); // a device that takes nothing
    assumeThat(full).as("a system without /dev/full").exists();
    Supplier<TemporaryFile> files =
        () -> {
          try {
            return TemporaryFile.on(full);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    try (SeriesBuilder builder = new SeriesBuilder(SeriesBuilder.MIN_BYTES, WINDOW, files)) {
      assertThatThrownBy(() -> feed(builder, 2, 50_000))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("No space left on device")
          .hasMessageContaining("io.tmp.dirs");
    }
  }

  @Test
  void aDirectoryThatIsNotThereIsSaid() {
    Path missing = directory.resolve("missing");
    try (SeriesBuilder builder = new SeriesBuilder(SeriesBuilder.MIN_BYTES, WINDOW, missing)) {
      assertThatThrownBy(() -> feed(builder, 2, 50_000))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("no temporary file can be made in " + missing);
    }
  }

  @Test
  void sortingEndsSoonAfterAnInterrupt() {
    try (SeriesBuilder builder = new SeriesBuilder(SeriesBuilder.MIN_BYTES, WINDOW, directory)) {
      feed(builder, 2, 50_000);
      Thread.currentThread().interrupt();
      assertThatThrownBy(builder::finish).isInstanceOf(CancellationException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void tooLittleMemoryIsRefusedAtOnce() {
    assertThatThrownBy(() -> new SeriesBuilder(1000, WINDOW, directory))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("262,144");
  }
}
