package dev.eddy.model.vector;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.kernel.PortableKernels;
import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.net.Network;
import dev.eddy.model.net.Prepared;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a step leaves for the garbage collector, by the thread's own counter. */
class AllocationTest {
  /**
   * Bytes of a step's handles (bundle, sequence, slices), whatever B and H. An array of floats of
   * this step's size would be 1 KiB at least.
   */
  private static final long HANDLES = 600;

  private static final int STEPS = 50;
  private static final long PATIENCE = 60_000_000_000L; // for a compiler that shares its core

  static Stream<Kernels> kernels() {
    return Stream.of(new PortableKernels(), new VectorKernels());
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void aStepAllocatesNoArrays(Kernels kernels) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    Network network = Network.build(new Lstm(32), Shape.of(8));
    Prepared prepared = network.prepare(network.initialWeights(1), kernels);
    int batch = 8;
    Bundle input = Bundle.of(FloatSeq.zeros(1, batch, 8));
    float[] states = new float[batch * network.stateSize()];
    Context context = Context.stepping(kernels);
    long bytes = Long.MAX_VALUE;
    long start = System.nanoTime();
    while (bytes > HANDLES && System.nanoTime() - start < PATIENCE) { // until it is compiled
      long before = threads.getThreadAllocatedBytes(thread);
      for (int i = 0; i < STEPS; i++) {
        context.reset();
        prepared.forward(input, states, context);
      }
      bytes = (threads.getThreadAllocatedBytes(thread) - before) / STEPS;
    }
    assertThat(bytes)
        .as("bytes a step of %d rows, %s", batch, kernels.name())
        .isBetween(0L, HANDLES);
  }
}
