package dev.eddy.jobs.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.jobs.config.ConfigLoader;
import dev.eddy.model.task.forecast.ForecastSpec;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class EntityFootprintTest {

  /** The figures of docs/decisions/0003-entity-state.md, which has them for this pipeline. */
  @Test
  void agreesWithTheDecisionRecord() {
    Path load = Path.of(System.getProperty("basedir", "."), "..", "conf", "load.yaml");
    ForecastSpec spec = ConfigLoader.load(load).forecast();

    EntityFootprint footprint = EntityFootprint.of(spec);

    assertThat(footprint.hot()).isEqualTo(2_840);
    assertThat(footprint.ring()).isEqualTo(spec.ring() * (4 + 16));
    assertThat(footprint.pending()).isEqualTo(24 * (4 + 321));
    assertThat(footprint.total())
        .isEqualTo(footprint.hot() + footprint.ring() + footprint.pending());
    assertThat(footprint.toString())
        .startsWith(String.format(java.util.Locale.ROOT, "%,d bytes", footprint.total()));
  }
}
