package dev.eddy.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.jobs.config.ConfigLoader;
import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.embedded.EmbeddedKafka;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class FeederTest {
  /** Five live readings and no history. */
  private static final class Five implements Readings {
    private final Iterator<Outgoing> left =
        List.of(1, 2, 3, 4, 5).stream().map(i -> Outgoing.reading("a", 1000L * i, i)).iterator();

    @Override
    public List<String> entities() {
      return List.of("a");
    }

    @Override
    public Outgoing nextHistory() {
      return null;
    }

    @Override
    public Outgoing nextLive() {
      return left.hasNext() ? left.next() : null;
    }

    @Override
    public long liveStart() {
      return 0;
    }

    @Override
    public long remaining() {
      return 5;
    }
  }

  /** Else a record that is in no account could be lost without being missed. */
  @Test
  void aRecordThatCannotBeEnteredIntoTheAccountsEndsTheDemo() throws Exception {
    PipelineConfig config = ConfigLoader.parse("name: load\nnetwork: []\n");
    try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
      kafka.createTopic(config.source().topic(), 1, Map.of("retention.ms", "-1"));
      Ledger open = new Ledger();
      open.open(0, 0);
      feed(kafka, config, open).stop();
      assertThat(open.sent()).isEqualTo(5);
      Feeder feeder = feed(kafka, config, new Ledger());
      assertThatThrownBy(feeder::stop)
          .hasMessageContaining("the account of partition 0 is not open");
    }
  }

  private static Feeder feed(EmbeddedKafka kafka, PipelineConfig config, Ledger ledger) {
    LiveSkill skill = new LiveSkill(config.forecast(), 0);
    Feeder feeder = new Feeder(kafka.bootstrap(), config.source(), new Five(), skill, ledger);
    assertThat(feeder.history(() -> false)).isEmpty();
    feeder.start(0);
    Awaitility.await().until(feeder::exhausted);
    return feeder;
  }
}
