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

/** One step of an LSTM layer, by one contender. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class StepBenchmark extends TurnTaking {
  private static final double TOLERANCE = 1e-5;

  /** A name of {@link Contenders}. */
  @Param("eddy")
  public String contender;

  /** H. */
  @Param("64")
  public int hidden;

  /** I. */
  @Param("8")
  public int inputs;

  /** B. */
  @Param("32")
  public int batch;

  private Stepper stepper;

  /** Builds the layer, compares its first steps with the reference, and warms up. */
  @Setup(Level.Trial)
  public void build() throws Exception {
    StepWork work = new StepWork(hidden, inputs, batch);
    stepper = Contenders.named(contender).stepper(work);
    for (int i = 0; i < StepWork.INPUTS; i++) {
      stepper.step(i);
    }
    Checks.close(contender, work.reference(), stepper.hidden(), TOLERANCE);
    WarmUp.run(i -> stepper.step((int) i & (StepWork.INPUTS - 1)));
  }

  /** One step. */
  @Benchmark
  public void step() {
    stepper.step((int) next() & (StepWork.INPUTS - 1));
  }

  /** Frees what lies outside the heap. */
  @TearDown(Level.Trial)
  public void close() throws Exception {
    stepper.close();
  }
}
