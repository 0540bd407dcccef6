package dev.eddy.benchmarks.work;

import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/** What one core can do at most: independent fused multiply-adds on registers, nothing else. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PeakBenchmark extends TurnTaking {
  /** Floating-point operations of one call; a fused multiply-add is two. */
  public static final double FLOPS = 1e6;

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  /** More than latency times ports (4 cycles, 2 ports), so that no chain waits. */
  private static final int CHAINS = 10;

  private static final int ROUNDS = (int) (FLOPS / 2 / CHAINS / SPECIES.length());

  private final float[] sums = new float[SPECIES.length()];

  /** One call. */
  @Benchmark
  public float[] multiplyAdds() {
    FloatVector a = FloatVector.broadcast(SPECIES, 0.999f);
    FloatVector b = FloatVector.broadcast(SPECIES, 0.001f * (next() & 7));
    FloatVector c0 = a;
    FloatVector c1 = a.mul(1.1f);
    FloatVector c2 = a.mul(1.2f);
    FloatVector c3 = a.mul(1.3f);
    FloatVector c4 = a.mul(1.4f);
    FloatVector c5 = a.mul(1.5f);
    FloatVector c6 = a.mul(1.6f);
    FloatVector c7 = a.mul(1.7f);
    FloatVector c8 = a.mul(1.8f);
    FloatVector c9 = a.mul(1.9f);
    for (int round = 0; round < ROUNDS; round++) {
      c0 = c0.fma(a, b);
      c1 = c1.fma(a, b);
      c2 = c2.fma(a, b);
      c3 = c3.fma(a, b);
      c4 = c4.fma(a, b);
      c5 = c5.fma(a, b);
      c6 = c6.fma(a, b);
      c7 = c7.fma(a, b);
      c8 = c8.fma(a, b);
      c9 = c9.fma(a, b);
    }
    c0.add(c1).add(c2).add(c3).add(c4).add(c5).add(c6).add(c7).add(c8).add(c9).intoArray(sums, 0);
    return sums;
  }
}
