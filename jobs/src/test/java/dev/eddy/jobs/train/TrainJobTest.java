package dev.eddy.jobs.train;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.jobs.config.ConfigLoader;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

class TrainJobTest {
  @Test
  void whatACheckpointCannotHoldIsRefusedBeforeTheStart() {
    assertThatThrownBy(() -> check("training.moments=carry"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a checkpoint of this run would have 4,")
        .hasMessageContaining("lower training.shards, set training.moments to average or reset");
    assertThatCode(() -> check("training.moments=average")).doesNotThrowAnyException();
    assertThatCode(() -> check("training.moments=carry", "training.shards=16"))
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () -> check("training.moments=carry", "training.shards=16", "training.refit=true"))
        .hasMessageContaining("set training.refit to false");
  }

  private static void check(String... overrides) {
    String yaml =
        """
        name: large
        kafka: {bootstrap: 'localhost:1'}
        source: {topic: meters, entity: meter, time: {field: ts}}
        target: kwh
        forecast: {horizon: 6, step: 1h, quantiles: [0.1, 0.5, 0.9], seasons: [24], lookback: 48, warmup: 48}
        network: [{lstm: {units: 1500}}]
        training: {shards: 64}
        """;
    ForecastRun run =
        new ForecastRun(ConfigLoader.parse(yaml, overrides), null, null, TrainOptions.NONE);
    TrainJob.checkSizes(run, new Configuration());
  }
}
