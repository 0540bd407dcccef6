package dev.eddy.model.vector;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.kernel.PortableKernels;
import dev.eddy.model.layer.Activation;
import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.Gru;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.layer.SimpleRnn;
import dev.eddy.model.net.Network;
import dev.eddy.model.net.Prepared;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** That a step leaves nothing for the garbage collector, by the thread's own counter. */
class AllocationTest {
  private static final int STEPS = 1_000;
  private static final long PATIENCE = 60_000_000_000L; // for a compiler that shares its core

  static Stream<Arguments> cases() {
    return Stream.of(new PortableKernels(), new VectorKernels())
        .flatMap(
            kernels ->
                Stream.of(
                        new Lstm(32),
                        Sequential.of(new Lstm(32), Dense.linear(5)),
                        Sequential.of(
                            new Lstm(16).withLearnedState(),
                            new Lstm(16),
                            new Dense(8, Activation.RELU)),
                        Sequential.of(Gru.of(16), new SimpleRnn(8, Activation.TANH)))
                    .map(spec -> Arguments.of(kernels, spec)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void stepsAllocateNothing(Kernels kernels, LayerSpec spec) {
    Network network = Network.build(spec, Shape.of(8));
    Prepared prepared = network.prepare(network.initialWeights(1), kernels);
    int batch = 8;
    Bundle input = Bundle.of(FloatSeq.zeros(1, batch, 8));
    float[] states = new float[batch * network.stateSize()];
    Context context = Context.stepping(kernels);
    Runnable steps =
        () -> {
          for (int i = 0; i < STEPS; i++) {
            context.reset();
            prepared.forward(input, states, context);
          }
        };
    steps.run(); // the first makes arrays and handles
    long bytes = allocated(steps);
    long start = System.nanoTime();
    // Vectors are objects until the compiler has seen to them, and a compiler that takes a guess
    // back leaves some bytes, once.
    while (bytes > 0 && System.nanoTime() - start < PATIENCE) {
      bytes = allocated(steps);
    }
    assertThat(bytes).as("bytes of %d steps, %s", STEPS, kernels.name()).isZero();
  }

  private static long allocated(Runnable work) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    work.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
