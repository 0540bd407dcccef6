package dev.eddy.jobs.config;

import dev.eddy.jobs.config.PipelineConfig.Kafka;
import dev.eddy.jobs.config.PipelineConfig.Serving;
import dev.eddy.jobs.config.PipelineConfig.Source;
import dev.eddy.jobs.config.PipelineConfig.Training;
import dev.eddy.model.task.forecast.ForecastSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** Checks what spans several keys, each of which is fine by itself. */
final class PipelineChecks {
  /** Client properties that Eddy itself must set, and the key to use instead. */
  private static final Map<String, String> OWN =
      Map.of(
          "bootstrap.servers", "kafka.bootstrap",
          "transactional.id", "name (it is the prefix)",
          "transaction.timeout.ms", "serving.transaction-timeout",
          "group.id", "name (it is the group)",
          "enable.auto.commit", "none; offsets belong to checkpoints",
          "isolation.level", "none; only committed records are read",
          "enable.idempotence", "serving.delivery");

  /** A user, and perhaps a password, before the host of a URI. */
  private static final Pattern USER = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]*://[^/]*@");

  private PipelineChecks() {}

  static void check(PipelineConfig config, Problems problems) {
    kafka(config.kafka(), problems);
    source(config.source(), problems);
    withoutSecrets("source.file", config.source().files(), problems);
    withoutSecrets("models.store", Arrays.asList(config.models().store()), problems);
    withoutSecrets("models.allowed", config.models().allowed(), problems);
    forecast(config.forecast(), problems);
    training(config.training(), config.forecast(), problems);
    serving(config, problems);
  }

  private static void kafka(Kafka kafka, Problems problems) {
    Set<String> known = new TreeSet<>(ConsumerConfig.configNames());
    known.addAll(ProducerConfig.configNames());
    known.addAll(AdminClientConfig.configNames());
    // Read by the connector, not by a client.
    known.add("partition.discovery.interval.ms");
    for (String key : kafka.properties().keySet()) {
      String path = "kafka.properties." + key;
      if (OWN.containsKey(key)) {
        problems.error(path, "is set by Eddy; use instead: " + OWN.get(key));
      } else if (key.endsWith("serializer")) {
        problems.error(path, "is set by Eddy; use instead: source.format");
      } else if (!known.contains(key)) {
        // Only a warning: plug-ins (login callbacks, interceptors) bring keys of their own.
        problems.warning(
            path,
            "no Kafka client knows this property"
                + Suggestion.nearest(key, known)
                    .map(word -> "; did you mean '" + word + "'?")
                    .orElse(""));
      }
    }
  }

  /** Such addresses are shown in messages, reports and provenance. */
  private static void withoutSecrets(String key, List<String> uris, Problems problems) {
    for (String uri : uris) {
      if (uri != null && USER.matcher(uri).find()) {
        problems.error(
            key,
            "an address must not hold a user or password; give them to Flink's file system instead (s3.access-key and s3.secret-key in its configuration)");
      }
    }
  }

  private static void source(Source source, Problems problems) {
    boolean melted = !source.melt().isEmpty();
    if (melted && source.entity() != null) {
      problems.error("source", "has both 'entity' and 'melt'; expected one of them");
    }
    if (melted && source.value() != null) {
      problems.error("target", "goes with 'source.entity'; with 'source.melt' every column is one");
    }
    if (melted && new HashSet<>(source.melt()).size() < source.melt().size()) {
      problems.error("source.melt", "names a column twice");
    }
    if (melted && source.format().equals("json")) {
      problems.error("source.melt", "needs source.format csv or parquet, found json");
    }
    if (source.files().isEmpty() && source.format().equals("parquet")) {
      problems.error(
          "source.format", "found parquet, which only files are; a topic has json or csv");
    }
    if (!melted
        && new HashSet<>(List.of(source.entity(), source.value(), source.time().field())).size()
            < 3) {
      problems.error("source", "'source.entity', 'target' and 'source.time.field' must differ");
    }
  }

  private static void forecast(ForecastSpec forecast, Problems problems) {
    int season = forecast.seasons()[0];
    if (forecast.skip() == ForecastSpec.Skip.LINEAR && forecast.lookback() < season) {
      problems.warning(
          "forecast.lookback",
          "%d steps do not reach back a season (%d): the linear path starts as the last value held"
              .formatted(forecast.lookback(), season));
    }
    if (forecast.ring() < forecast.lookback() && forecast.skip() != ForecastSpec.Skip.NONE) {
      problems.warning(
          "serving.ring",
          "%d readings are fewer than forecast.lookback (%d): after a model swap an entity's window is not whole at once"
              .formatted(forecast.ring(), forecast.lookback()));
    }
  }

  private static void training(Training training, ForecastSpec forecast, Problems problems) {
    if (forecast.skip() == ForecastSpec.Skip.LINEAR
        && training.spec().warmup() < forecast.lookback()) {
      problems.error(
          "training.warmup",
          "found %d, expected at least forecast.lookback (%d) with forecast.skip: linear"
              .formatted(training.spec().warmup(), forecast.lookback()));
    }
    if (training.gate() == 0) {
      problems.error(
          "training.gate", "found 0, expected more: without a gate no model is ever published");
    }
    if (training.validation() + training.gate() > 0.9) {
      problems.error(
          "training",
          "validation (%s) and gate (%s) leave less than 10%% of the time range to train on"
              .formatted(training.validation(), training.gate()));
    }
    if (!training.start().equals("earliest")
        && !training.end().equals("latest")
        && !Instant.parse(training.start()).isBefore(Instant.parse(training.end()))) {
      problems.error(
          "training.end",
          "found %s, expected an instant after training.start (%s)"
              .formatted(training.end(), training.start()));
    }
    if (training.parallelism() > training.spec().shards()) {
      problems.warning(
          "training.parallelism",
          "%d slots for %d shards: some will have nothing to do"
              .formatted(training.parallelism(), training.spec().shards()));
    }
  }

  private static void serving(PipelineConfig config, Problems problems) {
    Serving serving = config.serving();
    if (serving.delivery().equals("exactly-once")
        && serving.transactionTimeoutMillis() < 2 * serving.checkpointMillis()) {
      problems.error(
          "serving.transaction-timeout",
          "found %s, expected at least twice serving.checkpoint (%s): a transaction lives from one checkpoint to the end of the next"
              .formatted(
                  Units.duration(serving.transactionTimeoutMillis()),
                  Units.duration(serving.checkpointMillis())));
    }
    if (serving.parallelism() > serving.maxParallelism()) {
      problems.error(
          "serving.parallelism",
          "found %d, expected at most serving.max-parallelism (%d)"
              .formatted(serving.parallelism(), serving.maxParallelism()));
    }
    if (serving.gapReset() > 0 && serving.gapReset() <= config.forecast().horizon()) {
      problems.warning(
          "serving.gap-reset",
          "%d steps are no more than the horizon (%d): short silences will make entities start anew"
              .formatted(serving.gapReset(), config.forecast().horizon()));
    }
  }
}
