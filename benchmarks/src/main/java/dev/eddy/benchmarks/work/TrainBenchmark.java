package dev.eddy.benchmarks.work;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** One batch of training, by one contender. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class TrainBenchmark extends TurnTaking {
  private static final double TOLERANCE = 1e-4;
  private static final int STEPS = 2 * TrainWork.BATCHES;

  /** A name of {@link Contenders}. */
  @Param("eddy")
  public String contender;

  /** H. */
  @Param("64")
  public int hidden;

  /** L. */
  @Param("1")
  public int layers;

  /** How many the contender may use. */
  @Param("1")
  public int threads;

  private Learner learner;

  /** Builds the network, compares what it gives with the reference, sees it learn, warms up. */
  @Setup(Level.Trial)
  public void build() throws Exception {
    TrainWork work = new TrainWork(hidden, layers, threads);
    learner = Contenders.named(contender).learner(work);
    Checks.close(contender, work.reference(0), learner.predict(0), TOLERANCE);
    double before = Checks.squaredError(learner);
    for (int i = 0; i < STEPS; i++) {
      learner.learn(i & (TrainWork.BATCHES - 1));
    }
    Checks.learned(contender, before, Checks.squaredError(learner));
    WarmUp.run(i -> learner.learn((int) i & (TrainWork.BATCHES - 1)));
  }

  /** One batch. */
  @Benchmark
  public void learn() {
    learner.learn((int) next() & (TrainWork.BATCHES - 1));
  }

  /** Frees what lies outside the heap. */
  @TearDown(Level.Trial)
  public void close() throws Exception {
    learner.close();
  }
}
