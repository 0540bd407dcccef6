package dev.eddy.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.eddy.jobs.embedded.EmbeddedFlink;
import dev.eddy.model.train.Averaging;
import dev.eddy.model.train.Moments;
import dev.eddy.model.train.OuterStep;
import dev.eddy.model.train.RoundCoordinator;
import dev.eddy.model.train.RoundWork;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointException;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The source on a real cluster, with a network that needs no arithmetic. */
@Timeout(60)
class TrainingSourceIT {
  private static final int SHARDS = 3;
  private static EmbeddedFlink flink;
  @TempDir private Path directory;

  @BeforeAll
  static void start() {
    flink = EmbeddedFlink.start(4);
  }

  @AfterAll
  static void stop() {
    flink.close();
  }

  @Test
  void anyParallelismGivesWhatTheCoordinatorAloneGives() throws Exception {
    float[] expected = alone(FakeRun.of("alone", SHARDS, 5));
    for (int parallelism : new int[] {1, 2, 4}) {
      FakeRun run = FakeRun.of("parallelism-" + parallelism, SHARDS, 5);
      assertThat(model(collect(run, parallelism))).containsExactly(expected);
    }
  }

  @Test
  void aTaskThatFailsInMidRunChangesNothing() throws Exception {
    AtomicBoolean failed = new AtomicBoolean();
    FakeRun run =
        FakeRun.of("failing-once", SHARDS, 5)
            .before(
                (shard, round) -> {
                  if (shard == 1 && round == 2 && failed.compareAndSet(false, true)) {
                    throw new IllegalStateException("thrown once, on purpose");
                  }
                });
    assertThat(model(collect(run, 2))).containsExactly(alone(run));
    assertThat(failed).isTrue();
  }

  /** Also where each shard has moments of its own, and the outer step remembers rounds. */
  @ParameterizedTest
  @EnumSource(Moments.class)
  void everyModeSurvivesATaskThatFails(Moments moments) throws Exception {
    AtomicBoolean failed = new AtomicBoolean();
    FakeRun plain = FakeRun.of("mode-" + moments, SHARDS, 5);
    Averaging averaging =
        Averaging.every(1)
            .withMoments(moments)
            .withOuter(OuterStep.of(OuterStep.Kind.NESTEROV, SHARDS));
    FakeRun run =
        plain
            .with(plain.spec().withAveraging(averaging))
            .before(
                (shard, round) -> {
                  if (shard == 2 && round == 3 && failed.compareAndSet(false, true)) {
                    throw new IllegalStateException("thrown once, on purpose");
                  }
                });
    assertThat(model(collect(run, 2))).containsExactly(alone(run));
    assertThat(failed).isTrue();
  }

  /** Whatever fails, and whenever: the run goes on, and publishes the same bits. */
  @ParameterizedTest
  @EnumSource
  void aTaskThatFailsInAnyPhaseChangesNothing(FakeRun.Place where) throws Exception {
    FakeRun plain = FakeRun.of("plain-" + where, SHARDS, 4).refitting();
    List<String> expected = models(collect(plain, 2));
    AtomicBoolean failed = new AtomicBoolean();
    FakeRun run =
        FakeRun.of("failing-at-" + where, SHARDS, 4)
            .refitting()
            .at(
                (place, shard, round) -> {
                  boolean here = place == where && shard <= 1 && round <= 2;
                  if (here && failed.compareAndSet(false, true)) {
                    throw new IllegalStateException("thrown once, on purpose");
                  }
                });
    assertThat(models(collect(run, 2))).containsSubsequence(expected);
    assertThat(failed).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"2, 1", "1, 4"})
  void aSavepointOfAnotherParallelismGoesOnToTheSameBits(int before, int after) throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    AtomicBoolean hold = new AtomicBoolean(true);
    FakeRun run =
        FakeRun.of("rescaled-" + before + "-" + after, SHARDS, 5)
            .before(
                (shard, round) -> {
                  if (round == 2 && hold.get()) {
                    entered.countDown();
                    new CountDownLatch(1).await(); // until it is cancelled
                  }
                });
    StreamExecutionEnvironment env = environment(before);
    build(env, run);
    JobClient job = env.executeAsync("to be rescaled");
    assertThat(entered.await(60, TimeUnit.SECONDS)).isTrue();
    String savepoint = savepoint(job, directory.toUri().toString());
    job.cancel().get(60, TimeUnit.SECONDS);
    hold.set(false);

    Configuration settings = new Configuration();
    settings.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
    StreamExecutionEnvironment other = environment(after);
    other.configure(settings);
    MemorySink sink = build(other, run);
    other.execute("rescaled");
    assertThat(model(sink.written())).containsExactly(alone(run));
  }

  @Test
  void weightsAboveTheFrameSizeTravelInParts() throws Exception {
    Map<String, String> frames = Map.of("pekko.framesize", "1500000b");
    try (EmbeddedFlink small = EmbeddedFlink.start(new EmbeddedFlink.Options(2, 1, 0, frames))) {
      FakeRun run = FakeRun.of("large", SHARDS, 3).weights(1_200_000).refitting();
      StreamExecutionEnvironment env = small.environment();
      env.setParallelism(2);
      MemorySink sink = build(env, run);
      env.execute("4.8 MB of weights, twice as much of moments");
      List<byte[]> values =
          sink.written().stream()
              .filter(output -> output.topic().equals(FakeRun.MODELS))
              .map(TrainingRecord::value)
              .toList();
      ByteBuffer all = ByteBuffer.allocate(run.size() * Float.BYTES);
      values.subList(0, values.size() - 1).forEach(all::put); // the last one is the gate's
      assertThat(Arrays.equals(FakeRun.floats(all.array()), alone(run))).isTrue();
    }
  }

  @Test
  void aFrameTooSmallOnTheClusterAloneEndsTheJobAndNamesTheSetting() throws Exception {
    Map<String, String> frames = Map.of("pekko.framesize", "1m");
    try (EmbeddedFlink small = EmbeddedFlink.start(new EmbeddedFlink.Options(1, 1, 0, frames))) {
      StreamExecutionEnvironment env = small.environment();
      env.setParallelism(1);
      build(env, FakeRun.of("small-frames", 1, 1));
      assertThatThrownBy(() -> env.execute("too small"))
          .hasStackTraceContaining("pekko.framesize = 1,048,576 bytes")
          .hasStackTraceContaining("this TaskManager");
    }
  }

  @Test
  void aStragglerFailsTheJobOrIsDropped() throws Exception {
    FakeRun strict =
        FakeRun.of("strict", SHARDS, 3)
            .stragglers(1000, false)
            .before(TrainingSourceIT::shardOneHangsInRoundOne);
    StreamExecutionEnvironment env = environment(2);
    Configuration never = new Configuration();
    never.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    env.configure(never);
    build(env, strict);
    assertThatThrownBy(() -> env.execute("a straggler"))
        .hasStackTraceContaining("round 2 of train has waited 1 s for shards [1] (slot 1 on ")
        .hasStackTraceContaining("training.straggler-timeout");

    CountDownLatch gone = new CountDownLatch(1);
    FakeRun lenient =
        FakeRun.of("lenient", SHARDS, 3)
            .stragglers(2000, true)
            .before(
                (shard, round) -> {
                  if (shard == 1 && round == 1) {
                    gone.await(); // late, and then with the others again
                  } else if (round == 2) {
                    gone.countDown();
                  }
                });
    List<TrainingRecord> written = collect(lenient, 2);
    assertThat(written)
        .anySatisfy(
            output ->
                assertThat(new String(output.value(), StandardCharsets.UTF_8))
                    .contains("round=2,")
                    .endsWith("dropped=[1]]"));
    assertThat(model(written)).isNotEqualTo(alone(lenient));
  }

  private static void shardOneHangsInRoundOne(int shard, int round) throws InterruptedException {
    if (shard == 1 && round == 1) {
      new CountDownLatch(1).await();
    }
  }

  @Test
  void aFailureThatWouldRepeatItselfEndsTheJobAtOnce() {
    List<Integer> tries = new CopyOnWriteArrayList<>();
    FakeRun run =
        FakeRun.of("unrecoverable", 1, 1)
            .before(
                (shard, round) -> {
                  tries.add(round);
                  throw new UnrecoverableTrainingException("all readings are the same");
                });
    assertThatThrownBy(() -> collect(run, 1)).hasStackTraceContaining("all readings are the same");
    assertThat(tries).hasSize(1);
  }

  @Test
  void checkpointsAndCancellationPassWhileARoundTakesItsTime() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    FakeRun run =
        FakeRun.of("endless-on-a-cluster", 1, 1)
            .before(
                (shard, round) -> {
                  entered.countDown();
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    interrupted.countDown();
                    throw e;
                  }
                });
    StreamExecutionEnvironment env = environment(1);
    build(env, run);
    JobClient job = env.executeAsync("endless round");
    assertThat(entered.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(savepoint(job, null)).as("a savepoint completes in mid-round").isNotEmpty();
    job.cancel().get(60, TimeUnit.SECONDS);
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(job.getJobStatus().get()).isEqualTo(JobStatus.CANCELED));
    assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
  }

  private static StreamExecutionEnvironment environment(int parallelism) {
    Configuration settings = new Configuration();
    settings.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
    settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(50));
    StreamExecutionEnvironment env = flink.environment(settings);
    env.setParallelism(parallelism);
    env.enableCheckpointing(100);
    return env;
  }

  private static MemorySink build(StreamExecutionEnvironment env, FakeRun run) {
    MemorySink sink = new MemorySink(run.id());
    env.fromSource(
            new TrainingSource(run),
            WatermarkStrategy.noWatermarks(),
            "train",
            TrainingRecordSerializer.TYPE)
        .setMaxParallelism(4)
        .uid("train")
        .sinkTo(sink)
        .uid("sink")
        .setParallelism(1)
        .setMaxParallelism(4);
    return sink;
  }

  private static List<TrainingRecord> collect(FakeRun run, int parallelism) throws Exception {
    StreamExecutionEnvironment env = environment(parallelism);
    MemorySink sink = build(env, run);
    env.execute(run.id());
    return sink.written();
  }

  /** A savepoint in mid-round; refused until the last task of the job runs. */
  private static String savepoint(JobClient job, String directory) {
    return await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptionsMatching(
            e -> ExceptionUtils.findThrowable(e, CheckpointException.class).isPresent())
        .until(
            () ->
                job.triggerSavepoint(directory, SavepointFormatType.CANONICAL)
                    .get(60, TimeUnit.SECONDS),
            path -> !path.isEmpty());
  }

  private static List<String> models(List<TrainingRecord> records) {
    return records.stream()
        .filter(output -> output.topic().equals(FakeRun.MODELS))
        .map(output -> HexFormat.of().formatHex(output.value()))
        .toList();
  }

  private static float[] model(List<TrainingRecord> records) {
    return records.stream()
        .filter(output -> output.topic().equals(FakeRun.MODELS))
        .map(output -> FakeRun.floats(output.value()))
        .findFirst()
        .orElseThrow();
  }

  /** The same rounds without Flink. */
  private static float[] alone(FakeRun run) {
    RoundCoordinator coordinator = new RoundCoordinator(run.spec(), run.initialWeights());
    while (!coordinator.finished()) {
      int shards = run.spec().shards();
      List<RoundWork> works = IntStream.range(0, shards).mapToObj(coordinator::work).toList();
      for (int shard = 0; shard < shards; shard++) {
        coordinator.accept(FakeRun.update(shard, works.get(shard)));
      }
    }
    return coordinator.bestWeights();
  }
}
