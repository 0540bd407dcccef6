package dev.eddy.model.vector;

import jdk.incubator.vector.FloatVector;

/** The multiply-add peak of the core at hand: enough independent sums to keep it busy. */
final class Peak {
  private static final int STEPS = 500_000;
  private static float sink;

  private Peak() {}

  /** Thousand million operations a second, a multiply-add counting two. */
  static double gigaflops() {
    var threads = java.lang.management.ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    sink += sums();
    long spent = threads.getCurrentThreadCpuTime() - start;
    return 2.0 * 10 * VectorKernels.SPECIES.length() * STEPS / spent;
  }

  private static float sums() {
    FloatVector a = FloatVector.broadcast(VectorKernels.SPECIES, 0.5f);
    FloatVector b = FloatVector.broadcast(VectorKernels.SPECIES, 1e-3f);
    FloatVector c0 = a;
    FloatVector c1 = b;
    FloatVector c2 = a;
    FloatVector c3 = b;
    FloatVector c4 = a;
    FloatVector c5 = b;
    FloatVector c6 = a;
    FloatVector c7 = b;
    FloatVector c8 = a;
    FloatVector c9 = b;
    for (int i = 0; i < STEPS; i++) {
      c0 = a.fma(b, c0);
      c1 = a.fma(b, c1);
      c2 = a.fma(b, c2);
      c3 = a.fma(b, c3);
      c4 = a.fma(b, c4);
      c5 = a.fma(b, c5);
      c6 = a.fma(b, c6);
      c7 = a.fma(b, c7);
      c8 = a.fma(b, c8);
      c9 = a.fma(b, c9);
    }
    FloatVector left = c0.add(c1).add(c2).add(c3).add(c4);
    FloatVector right = c5.add(c6).add(c7).add(c8).add(c9);
    return left.add(right).lane(0);
  }
}
