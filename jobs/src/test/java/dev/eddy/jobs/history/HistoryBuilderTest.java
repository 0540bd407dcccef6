package dev.eddy.jobs.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.jobs.config.ConfigLoader;
import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.io.InputPosition;
import dev.eddy.jobs.io.Parsed;
import dev.eddy.model.data.RawSeries;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryBuilderTest {
  @TempDir private Path folder;

  private static PipelineConfig config(String memory) {
    return ConfigLoader.parse(
        "name: load\nnetwork: []\nserving: {ordering: {max-delay: 10s}}\ntraining: {memory: %s}\n"
            .formatted(memory));
  }

  private static Parsed event(String entity, long time, double value, long offset) {
    return new Parsed.Event(entity, time, value, new InputPosition("events", 0, offset));
  }

  /** Out of order by up to what may wait, and now and then beyond. */
  private List<String> load(String memory) {
    try (HistoryBuilder builder = new HistoryBuilder(config(memory), "topic 'events'", folder)) {
      for (int i = 0; i < 60_000; i++) {
        long time = 1000L * (i / 4) - (i % 3 == 0 ? 5_000 : 0) - (i % 1000 == 0 ? 60_000 : 0);
        builder.add(event("m" + i % 4, time, i, i), 0);
      }
      StoredHistory stored = builder.finish();
      assertThat(stored.store().diskBytes() > 0).isEqualTo(memory.equals("1 MiB"));
      List<String> all = new ArrayList<>(List.of(stored.late() + " late"));
      try (LoadedHistory history = stored.open(stored::close)) {
        for (RawSeries one : history.series()) {
          for (int t = 0; t < one.length(); t++) {
            all.add(one.entity() + one.time(t) + "=" + one.value(t));
          }
        }
      }
      return all;
    }
  }

  @Test
  void theOrderOfServingHoldsOnDiskToo() {
    List<String> inMemory = load("64 MiB");
    assertThat(inMemory.get(0)).isNotEqualTo("0 late");
    assertThat(inMemory).hasSizeGreaterThan(59_000);
    assertThat(load("1 MiB")).isEqualTo(inMemory);
  }

  @Test
  void moreEntitiesThanMemoryAllowsAreRefused() {
    try (HistoryBuilder builder = new HistoryBuilder(config("1 MiB"), "topic 'events'", folder)) {
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 10_000; i++) {
                  builder.add(event("m" + i, 0, i, i), 0);
                }
              })
          .isInstanceOf(UnusableHistoryException.class)
          .hasMessageContaining("raise training.memory to at least");
    }
  }
}
