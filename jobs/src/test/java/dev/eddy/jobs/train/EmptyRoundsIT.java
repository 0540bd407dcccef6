package dev.eddy.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.jobs.embedded.EmbeddedFlink;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rounds without training, on two TaskManagers that talk over TCP. */
@Timeout(60)
class EmptyRoundsIT {
  @Test
  void everyRoundButTheFirstIsTimed() throws Exception {
    try (EmbeddedFlink flink = EmbeddedFlink.start(new EmbeddedFlink.Options(2, 1, 0, Map.of()))) {
      EmptyRounds.Size size = new EmptyRounds.Size(1000, 3, 2, 5);
      double[] seconds = EmptyRounds.seconds(size, flink.environment());
      assertThat(seconds).hasSize(4);
      for (double one : seconds) {
        assertThat(one).isPositive();
      }
      EmptyRounds.Size large = new EmptyRounds.Size(4_000_000, 2, 2, 5);
      assertThatThrownBy(() -> EmptyRounds.seconds(large, flink.environment()))
          .hasMessageContaining("pekko.framesize");
    }
  }

  @Test
  void aSizeThatCannotBeIsRefused() {
    assertThatThrownBy(() -> new EmptyRounds.Size(10, 1, 2, 5))
        .hasMessageContaining("as many shards as slots");
  }
}
