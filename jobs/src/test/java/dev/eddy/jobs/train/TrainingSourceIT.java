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
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The source on a real cluster, with a network that needs no arithmetic. */
@Timeout(60)
class TrainingSourceIT {
  private static final int SHARDS = 3;
  private static EmbeddedFlink flink;

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
    assertThat(job.triggerSavepoint(null, SavepointFormatType.CANONICAL).get(60, TimeUnit.SECONDS))
        .as("a savepoint completes in mid-round")
        .isNotEmpty();
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
        .sinkTo(sink)
        .setParallelism(1);
    return sink;
  }

  private static List<TrainingRecord> collect(FakeRun run, int parallelism) throws Exception {
    StreamExecutionEnvironment env = environment(parallelism);
    MemorySink sink = build(env, run);
    env.execute(run.id());
    return sink.written();
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
