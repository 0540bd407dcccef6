package dev.eddy.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.jobs.embedded.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the command line says about a Kafka that answers but is not as the configuration wants it.
 */
class PreflightTest {
  private static EmbeddedKafka kafka;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    kafka = EmbeddedKafka.start();
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  private String config(String name, String more) throws IOException {
    return Files.writeString(
            folder.resolve(name + ".yaml"),
            "name: %s\nkafka: {bootstrap: '%s'}\n%s".formatted(name, kafka.bootstrap(), more))
        .toString();
  }

  @Test
  void aMissingEventsTopicIsNamed() throws IOException {
    for (String command : new String[] {"train", "serve"}) {
      Cli cli = Cli.run(command, config("nothing", ""));
      assertThat(cli.code()).isEqualTo(2);
      assertThat(cli.err())
          .isEqualToIgnoringNewLines(
              "eddy: source.topic: there is no topic 'nothing.events' at "
                  + kafka.bootstrap()
                  + "; make it (its number of partitions is yours to choose), or name another");
    }
  }

  @Test
  void resultTopicsAreMadeOnce() throws IOException {
    kafka.createTopic("unborn.events", 3, Map.of());
    Cli cli = Cli.run("serve", config("unborn", ""));
    assertThat(cli.err())
        .contains("eddy: made topic unborn.predictions of 3 partitions")
        .contains("eddy: made topic unborn.dead-letters of 3 partitions");
    assertThat(Cli.run("serve", config("unborn", "")).err()).doesNotContain("made topic");
  }

  @Test
  void servingWithoutALiveModelIsBadConfiguration() throws IOException {
    kafka.createTopic("modelless.events", 1, Map.of());
    Cli cli = Cli.run("serve", config("modelless", ""));
    assertThat(cli.code()).as(cli.err()).isEqualTo(2);
    assertThat(cli.err())
        .contains("modelless", "live")
        .doesNotContain("Exception", "\tat ", "failed:");
  }

  @Test
  void transactionsLongerThanTheBrokerAllowsAreRefused() throws IOException {
    kafka.createTopic("long.events", 1, Map.of());
    Cli cli = Cli.run("serve", config("long", "serving: {transaction-timeout: 2h}"));
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err())
        .contains("serving.transaction-timeout: found 7200000 ms, the brokers allow at most ")
        .contains("transaction.max.timeout.ms");
  }
}
