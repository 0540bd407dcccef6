package dev.eddy.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.eddy.model.task.forecast.ForecastSpec;
import dev.eddy.model.train.TrainingSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a configuration means, and what is said about one that means nothing. */
class ConfigLoaderTest {
  /** No layers: these tests are about everything else. */
  private static final String SMALL = "name: load\nnetwork: []\n";

  @TempDir Path folder;

  @Test
  void aNameIsEnough() {
    PipelineConfig config = ConfigLoader.parse(SMALL);
    assertThat(config.name()).isEqualTo("load");
    assertThat(config.kafka().bootstrap()).isEqualTo("localhost:9092");
    assertThat(config.topic("events")).isEqualTo("load.events");
    assertThat(config.topic("dead-letters")).isEqualTo("load.dead-letters");
    assertThat(config.source().format()).isEqualTo("json");
    assertThat(config.forecast().quantiles()).containsExactly(0.05, 0.5, 0.95);
    assertThat(config.forecast().seasons()).containsExactly(24, 168);
    assertThat(config.serving().swap()).isEqualTo(PipelineConfig.Swap.REWARM);
    assertThat(config.evaluation()).isNull();
    assertThat(config.demo()).isNull();
  }

  @Test
  void everyKeyIsRead() {
    PipelineConfig config =
        ConfigLoader.parse(
            """
            name: grid
            task: forecast
            target: kwh
            network: []
            kafka: {bootstrap: "a:1, b:2", properties: {security.protocol: SSL}}
            source: {topic: in, format: json, entity: meter, start: latest, max-bytes: 64 KiB,
                     time: {field: ts, format: "yyyy-MM-dd HH:mm:ss", zone: Europe/Berlin, max-ahead: 5 min}}
            forecast: {horizon: 3, step: 15 min, quantiles: [0.1, 0.5], seasons: [4], skip: last,
                       lookback: 5, scale-window: 6, warmup: 7}
            training: {shards: 8, local-steps: 9, rounds: 10, patience: 11, batch: 12, chunk: 13, warmup: 14,
                       learning-rate: 1e-2, optimizer: nesterov, schedule: cosine, clip-norm: 0.5, clip-value: 2,
                       weight-decay: 0.1, seed: 15, validation: 20%,
                       gate: 0.05, margin: 1%, live-margin: 2%, refit: true, straggler-timeout: 1 min,
                       stragglers: drop, memory: 8 MiB, parallelism: 2, start: 2026-01-01T00:00:00Z, end: latest,
                       offsets: {3: 0-, 2: 5-90}, max-retries: 1}
            serving: {delivery: at-least-once, checkpoint: 500ms, swap: keep, ring: 16,
                      batch: {size: 17, linger: 2ms}, ordering: {max-delay: 1h}, gap-reset: 18,
                      parallelism: 4, max-parallelism: 64, transaction-timeout: 2 min}
            models: {store: "s3://bucket/models"}
            evaluation: {train: 100, validation: 20, test: 30}
            demo: {history: 200, entities: 21, rate: 0}
            """);
    assertThat(config.toString())
        .isEqualTo(
            "PipelineConfig[name=grid, kafka=Kafka[bootstrap=a:1, b:2, properties={security.protocol=SSL}],"
                + " source=Source[topic=in, files=[], format=json, entity=meter, melt=[], value=kwh,"
                + " time=Time[field=ts, format=yyyy-MM-dd HH:mm:ss, zone=Europe/Berlin], start=latest,"
                + " maxAheadMillis=300000, maxBytes=65536], forecast="
                + config.forecast()
                + ", training=Training[spec=TrainingSpec[shards=8, averaging=Averaging[localSteps=9,"
                + " moments=AVERAGE, outer=OuterStep[kind=AVERAGE, rate=1.0, momentum=0.0]], rounds=10,"
                + " patience=11, batch=12, chunk=13, warmup=14,"
                + " update=UpdateSpec[optimiser=Nesterov[momentum=0.9], learningRate=0.01,"
                + " schedule=Cosine[steps=90, last=0.01], clipNorm=0.5, clipValue=2.0,"
                + " regularisation=Regularisation[l1=0.0, l2=0.0, decay=0.1], constraints=[]],"
                + " seed=15], validation=0.2, gate=0.05, parallelism=2,"
                + " margin=0.01, liveMargin=0.02, refit=true,"
                + " stragglers=Stragglers[timeoutMillis=60000, drop=true], memoryBytes=8388608,"
                + " start=2026-01-01T00:00:00Z, end=latest, offsets={2=Offsets[from=5, to=90], 3=Offsets[from=0, to=9223372036854775807]}, maxRetries=1],"
                + " serving=Serving[delivery=at-least-once, checkpointMillis=500, swap=KEEP,"
                + " batchSize=17, lingerMillis=2, maxDelayMillis=3600000, gapReset=18,"
                + " parallelism=4, maxParallelism=64, transactionTimeoutMillis=120000],"
                + " models=Models[store=s3://bucket/models, allowed=[s3://bucket/models]],"
                + " evaluation=Evaluation[train=100, validation=20, test=30],"
                + " demo=Demo[history=200, entities=21, rate=0]]");
    ForecastSpec forecast = config.forecast();
    assertThat(forecast.horizon()).isEqualTo(3);
    assertThat(forecast.stepMillis()).isEqualTo(900_000);
    assertThat(forecast.skip()).isEqualTo(ForecastSpec.Skip.LAST);
    assertThat(forecast.ring()).isEqualTo(16);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                      | Averaging[localSteps=50, moments=AVERAGE, outer=OuterStep[kind=AVERAGE, rate=1.0, momentum=0.0]] | 2000
          {local-steps: epoch, moments: reset}    | Averaging[localSteps=epoch, moments=RESET, outer=OuterStep[kind=AVERAGE, rate=1.0, momentum=0.0]] | 40000
          {local-steps: {}, rounds: 3}            | Averaging[localSteps={first: 10, factor: 1.5, most: 200}, moments=AVERAGE, outer=OuterStep[kind=AVERAGE, rate=1.0, momentum=0.0]] | 47
          {local-steps: {first: 300, factor: 2}}  | Averaging[localSteps={first: 300, factor: 2.0, most: 300}, moments=AVERAGE, outer=OuterStep[kind=AVERAGE, rate=1.0, momentum=0.0]] | 12000
          {outer: nesterov, moments: carry}       | Averaging[localSteps=50, moments=CARRY, outer=OuterStep[kind=NESTEROV, rate=1.0, momentum=0.5]] | 2000
          {outer: momentum, shards: 8}            | Averaging[localSteps=50, moments=AVERAGE, outer=OuterStep[kind=MOMENTUM, rate=1.0, momentum=0.875]] | 2000
          {outer: nesterov, outer-rate: 1, outer-momentum: 0.5} | Averaging[localSteps=50, moments=AVERAGE, outer=OuterStep[kind=NESTEROV, rate=1.0, momentum=0.5]] | 2000
          """)
  void averagingAndTheStepsOfItsSchedule(String training, String averaging, long steps) {
    TrainingSpec spec =
        ConfigLoader.parse(SMALL + "training: " + training + "\n").training().spec();
    assertThat(spec.averaging()).hasToString(averaging);
    assertThat(spec.steps()).isEqualTo(steps);
    assertThat(spec.update().schedule()).isEqualTo(TrainingSpec.defaultSchedule(steps));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          source: {file: "s3://key:secret@bucket/h"} | source.file: an address must not hold a user or password; give them to Flink's file system instead (s3.access-key and s3.secret-key in its configuration)
          training: {optimizer: adm}       | training.optimizer: found 'adm', expected one of adamw, adam, rmsprop, adagrad, nesterov, momentum, sgd; did you mean 'adam'?
          training: {schedule: 3}          | training.schedule: found '3', expected one of warmup-cosine, constant, cosine, onecycle
          training: {clip-value: 0}        | training.clip-value: found '0', expected a number from 1.0E-9 to 1.0E9
          training: {shard: 2}            | training.shard: unknown key; did you mean 'shards'? Allowed: batch, chunk, clip-norm, clip-value, end, gate, learning-rate, live-margin, local-steps, margin, max-retries, memory, moments, offsets, optimizer, outer, outer-momentum, outer-rate, parallelism, patience, refit, rounds, schedule, seed, shards, start, straggler-timeout, stragglers, validation, warmup, weight-decay
          training: {localSteps: 2}       | training.localSteps: unknown key; did you mean 'local-steps'? Allowed: batch, chunk, clip-norm, clip-value, end, gate, learning-rate, live-margin, local-steps, margin, max-retries, memory, moments, offsets, optimizer, outer, outer-momentum, outer-rate, parallelism, patience, refit, rounds, schedule, seed, shards, start, straggler-timeout, stragglers, validation, warmup, weight-decay
          trainning: {}                   | trainning: unknown key; did you mean 'training'? Allowed: demo, evaluation, forecast, kafka, models, name, network, serving, source, target, task, training
          evaluation: {xyz: 1, train: 1, validation: 1, test: 1} | evaluation.xyz: unknown key. Allowed: test, train, validation
          task: classify                  | task: found 'classify', expected one of forecast
          training: {local-steps: 0}      | training.local-steps: found '0', expected a whole number from 1 to 1000000, epoch, or {first: 10, factor: 1.5, most: 200}
          training: {local-steps: epochs} | training.local-steps: found 'epochs', expected a whole number from 1 to 1000000, epoch, or {first: 10, factor: 1.5, most: 200}
          training: {local-steps: [1]}    | training.local-steps: found a list, expected one value
          training: {local-steps: {first: 0}} | training.local-steps.first: found '0', expected a whole number from 1 to 1000000
          training: {local-steps: {factor: 1}} | training.local-steps.factor: found '1', expected a number from 1.01 to 100.0
          training: {local-steps: {first: 20, most: 10}} | training.local-steps.most: found 10, expected no fewer than first (20)
          training: {local-steps: {last: 3}} | training.local-steps.last: unknown key. Allowed: factor, first, most
          training: {moments: keep}       | training.moments: found 'keep', expected one of average, carry, reset
          training: {outer: nestorov}     | training.outer: found 'nestorov', expected one of average, momentum, nesterov; did you mean 'nesterov'?
          training: {outer-rate: 0.5}     | training.outer-rate: goes with training.outer: momentum or nesterov; it is average
          training: {outer: average, outer-momentum: 0.9} | training.outer-momentum: goes with training.outer: momentum or nesterov; it is average
          training: {outer: nesterov, outer-momentum: 1} | training.outer-momentum: found '1', expected a number from 0.0 to 0.999
          training: {offsets: {0: 5-5}}   | training.offsets.0: found '5-5', expected offsets of a partition's records such as 100-2000 (2000 not among them) or 100- (to the end)
          training: {offsets: {x: 5-6}}   | training.offsets.x: found '5-6', expected offsets of a partition's records such as 100-2000 (2000 not among them) or 100- (to the end)
          training: {shards: many}        | training.shards: found 'many', expected a whole number from 1 to 10000
          training: {shards: 0}           | training.shards: found '0', expected a whole number from 1 to 10000
          training: {shards: 1.5}         | training.shards: found '1.5', expected a whole number from 1 to 10000
          training: {shards: [1]}         | training.shards: found a list, expected one value
          training: {shards: true}        | training.shards: found 'true', expected a whole number from 1 to 10000
          training: {learning-rate: NaN}  | training.learning-rate: found 'NaN', expected a number from 1.0E-9 to 10.0
          training: 5                     | training: found '5', expected a mapping of keys
          training: {validation: 110%}    | training.validation: found '110%', expected a share from 0.0 to 0.9, such as 10% or 0.1
          training: {gate: 0} | training.gate: found 0, expected more: without a gate no model is ever published
          training: {validation: 50%, gate: 50%} | training: validation (0.5) and gate (0.5) leave less than 10% of the time range to train on
          training: {start: 2026-02-01T00:00:00Z, end: 2026-01-01T00:00:00Z} | training.end: found 2026-01-01T00:00:00Z, expected an instant after training.start (2026-02-01T00:00:00Z)
          training: {end: yesterday}      | training.end: found 'yesterday', expected latest or an instant such as 2026-01-31T00:00:00Z
          forecast: {step: 60}            | forecast.step: found '60', expected a duration from 1ms to 366d with its unit, such as 250ms, 10s, 5 min, 1h
          forecast: {step: 1 fortnight}   | forecast.step: found '1 fortnight', expected a duration from 1ms to 366d with its unit, such as 250ms, 10s, 5 min, 1h
          forecast: {skip: liner}         | forecast.skip: found 'liner', expected one of none, last, season, linear; did you mean 'linear'?
          forecast: {quantiles: [0.9, 0.5]} | forecast.quantiles: found [0.9, 0.5], expected ascending numbers between 0 and 1, ends excluded, at most 99
          forecast: {quantiles: [0.1, 0.9]} | forecast.quantiles: found [0.1, 0.9], expected 0.5 among them: it is the forecast
          forecast: {quantiles: 0.5}      | forecast.quantiles: found '0.5', expected a list: numbers between 0 and 1
          forecast: {quantiles: [a]}      | forecast.quantiles[0]: found 'a', expected numbers between 0 and 1
          forecast: {seasons: []}         | forecast.seasons: found [], expected at least one season, ascending, each from 2 to 100000 steps
          training: {warmup: 8}           | training.warmup: found 8, expected at least forecast.lookback (168) with forecast.skip: linear
          serving: {delivery: twice}      | serving.delivery: found 'twice', expected one of exactly-once, at-least-once
          serving: {checkpoint: 10 min}   | serving.transaction-timeout: found 10 min, expected at least twice serving.checkpoint (10 min): a transaction lives from one checkpoint to the end of the next
          serving: {parallelism: 9, max-parallelism: 8} | serving.parallelism: found 9, expected at most serving.max-parallelism (8)
          serving: {batch: {linger: 5s, siz: 1}} | serving.batch.siz: unknown key; did you mean 'size'? Allowed: linger, size
          source: {topic: a/b}            | source.topic: found 'a/b', expected a topic name: letters, digits, '.', '_' and '-' (at most 249)
          source: {time: {zone: Mars}}    | source.time.zone: found 'Mars', expected a time zone such as UTC or Europe/Berlin
          source: {time: {format: 'bbb'}} | source.time.format: found 'bbb', expected epoch-millis, epoch-seconds, iso, or a java.time pattern such as yyyy-MM-dd HH:mm:ss
          source: {format: avro}          | source.format: found 'avro', expected one of json, csv, parquet
          source: {format: parquet}       | source.format: found parquet, which only files are; a topic has json or csv
          source: {format: json, melt: [a], file: x} | source.melt: needs source.format csv or parquet, found json
          source: {file: {a: b}}          | source.file: found a mapping, expected one value
          source: {melt: [a, a]}          | source.melt: names a column twice
          source: {melt: [a], entity: b}  | source: has both 'entity' and 'melt'; expected one of them
          source: {entity: time}          | source: 'source.entity', 'target' and 'source.time.field' must differ
          kafka: {bootstrap: localhost}   | kafka.bootstrap: found 'localhost', expected host:port[,host:port]
          kafka: {properties: {group.id: x}} | kafka.properties.group.id: is set by Eddy; use instead: name (it is the group)
          network: lstm                   | network: found 'lstm', expected a list of layers such as [{lstm: {units: 64}}]
          """)
  void wrongConfigurations(String yaml, String message) {
    String text = yaml.startsWith("network") ? "name: load\n" + yaml : SMALL + yaml;
    assertThatThrownBy(() -> ConfigLoader.parse(text))
        .isInstanceOf(ConfigException.class)
        .hasMessage(message);
  }

  @Test
  void allProblemsAreNamedAtOnce() {
    ConfigException e =
        catchThrowableOfType(
            ConfigException.class,
            () -> ConfigLoader.parse("network: []\ntraining: {shards: x, round: 1}"));
    assertThat(e.problems())
        .hasSize(3)
        .anySatisfy(p -> assertThat(p).isEqualTo("name: missing; it is required"))
        .anySatisfy(p -> assertThat(p).startsWith("training.shards: found 'x'"))
        .anySatisfy(
            p -> assertThat(p).startsWith("training.round: unknown key; did you mean 'rounds'?"));
    assertThat(e).hasMessageStartingWith("3 problems\n  name: missing");
  }

  @Test
  void textThatIsNoYamlIsPlacedButNotQuoted() {
    assertThatThrownBy(() -> ConfigLoader.parse("name: a\nkafka: {properties: {x: 'hunter2}}\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("not valid YAML")
        .hasMessageNotContaining("hunter2");
    assertThatThrownBy(() -> ConfigLoader.parse("name: a\nname: b\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("line 2")
        .hasMessageContaining("Duplicate field 'name'");
    assertThatThrownBy(() -> ConfigLoader.parse("name: &a x\ntarget: *a\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("line 2: YAML aliases");
    assertThatThrownBy(() -> ConfigLoader.parse("name: a: b\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("mapping values are not allowed here");
    assertThatThrownBy(() -> ConfigLoader.parse("[".repeat(100)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("not valid YAML");
    assertThatThrownBy(() -> ConfigLoader.parse(""))
        .isInstanceOf(ConfigException.class)
        .hasMessage("is empty, expected a mapping with at least 'name'");
    assertThatThrownBy(() -> ConfigLoader.parse("- a"))
        .isInstanceOf(ConfigException.class)
        .hasMessage("found a list, expected a mapping with at least 'name'");
  }

  @Test
  void filesThatCannotBeReadSaySo() throws IOException {
    assertThatThrownBy(() -> ConfigLoader.load(folder.resolve("none.yaml")))
        .isInstanceOf(ConfigException.class)
        .hasMessageEndingWith("none.yaml: no such file; expected a pipeline's YAML file");
    assertThatThrownBy(() -> ConfigLoader.load(folder))
        .isInstanceOf(ConfigException.class)
        .hasMessageEndingWith("is a folder, expected a YAML file");
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, 0, 1});
    assertThatThrownBy(() -> ConfigLoader.load(binary))
        .isInstanceOf(ConfigException.class)
        .hasMessageEndingWith("not UTF-8 text");
  }

  @Test
  void overridesReachEveryKey() {
    PipelineConfig config =
        ConfigLoader.parse(
            SMALL,
            "training.shards=7",
            "forecast.quantiles=[0.25, 0.5, 0.75]",
            "serving.batch.linger=1 s",
            "kafka.properties.sasl.jaas.config=a = b; c: d",
            "kafka.bootstrap=broker:1");
    assertThat(config.training().spec().shards()).isEqualTo(7);
    assertThat(config.forecast().quantiles()).containsExactly(0.25, 0.5, 0.75);
    assertThat(config.serving().lingerMillis()).isEqualTo(1000);
    assertThat(config.kafka().properties()).containsEntry("sasl.jaas.config", "a = b; c: d");
    assertThat(config.kafka().bootstrap()).isEqualTo("broker:1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          training.shard=7  | training.shard: unknown key; did you mean 'shards'?
          training.shards=x | training.shards: found 'x', expected a whole number
          name.first=x      | -D name.first: there is no such place in the configuration
          network.3=x       | -D network.3: there is no such place in the configuration
          hunter2           | -D: an override without '=', expected -D path.to.key=value
          training.seed=[1  | -D training.seed: the value is not valid YAML; quote it
          """)
  void wrongOverrides(String override, String message) {
    assertThatThrownBy(() -> ConfigLoader.parse(SMALL, override))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void referencesAreResolved() throws IOException {
    Files.writeString(folder.resolve("secret"), "from-file\n");
    Path file = folder.resolve("p.yaml");
    Files.writeString(
        file,
        SMALL
            + """
            kafka:
              bootstrap: ${EDDY_NOT_SET_ANYWHERE:-broker:9}
              properties: {ssl.key.password: 'file:secret', client.rack: '$${x}'}
            """);
    PipelineConfig config = ConfigLoader.load(file);
    assertThat(config.kafka().bootstrap()).isEqualTo("broker:9");
    assertThat(config.kafka().properties())
        .containsEntry("ssl.key.password", "from-file")
        .containsEntry("client.rack", "${x}");
    PipelineConfig fromEnvironment =
        ConfigLoader.parse(
            SMALL + "training: {shards: '${SHARDS}'}", List.of(), Map.of("SHARDS", "3"), w -> {});
    assertThat(fromEnvironment.training().spec().shards()).isEqualTo(3);
  }

  @Test
  void referencesThatLeadNowhereAreNamed() {
    assertThatThrownBy(() -> ConfigLoader.parse(SMALL + "target: ${EDDY_NOT_SET_ANYWHERE}"))
        .hasMessage(
            "target: environment variable EDDY_NOT_SET_ANYWHERE is not set; set it, or give a"
                + " default as ${EDDY_NOT_SET_ANYWHERE:-...}");
    assertThatThrownBy(() -> ConfigLoader.parse(SMALL + "target: file:/no/such/file"))
        .hasMessage(
            "target: file /no/such/file cannot be read; a 'file:' reference needs a readable text"
                + " file");
  }

  @Test
  void whatIsProbablyNotMeantIsAWarning() {
    List<String> warnings = new ArrayList<>();
    ConfigLoader.parse(
        SMALL
            + "forecast: {lookback: 12}\nserving: {ring: 10, gap-reset: 3}\ntraining: {shards: 1}\n"
            + "kafka: {properties: {security.protocoll: SSL}}\n",
        List.of(),
        Map.of(),
        warnings::add);
    assertThat(warnings)
        .containsExactlyInAnyOrder(
            "forecast.lookback: 12 steps do not reach back a season (24): the linear path starts as"
                + " the last value held",
            "serving.ring: 10 readings are fewer than forecast.lookback (12): after a model swap"
                + " an entity's window is not whole at once",
            "serving.gap-reset: 3 steps are no more than the horizon (24): short silences will make"
                + " entities start anew",
            "training.parallelism: 2 slots for 1 shards: some will have nothing to do",
            "kafka.properties.security.protocoll: no Kafka client knows this property; did you"
                + " mean 'security.protocol'?");
  }

  @Test
  void aConfigurationTravelsToTheCluster() throws IOException {
    PipelineConfig config =
        ConfigLoader.parse(SMALL + "kafka: {properties: {client.rack: '${HOME:-x}'}}");
    try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
      out.writeObject(config);
    }
  }
}
