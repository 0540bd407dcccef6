package dev.eddy.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.jobs.embedded.EmbeddedFlink;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RpcOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rounds without training, on a real cluster. */
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
      Configuration small = new Configuration();
      small.set(RpcOptions.FRAMESIZE, "1m");
      assertThatThrownBy(() -> EmptyRounds.seconds(size, flink.environment(small)))
          .hasMessageContaining("pekko.framesize");
    }
  }

  @Test
  void aSizeThatCannotBeIsRefused() {
    assertThatThrownBy(() -> new EmptyRounds.Size(10, 1, 2, 5))
        .hasMessageContaining("as many shards as slots");
  }
}
