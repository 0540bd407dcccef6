package dev.eddy.model.vector;

import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.kernel.PortableKernels;
import dev.eddy.model.kernel.Rng;
import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.net.Network;
import dev.eddy.model.net.Prepared;
import dev.eddy.model.optim.Adam;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * Prints how long steps and training of LSTMs take on both providers, beside the core's
 * multiply-add peak: no test, a tool beside decision record 0008. Thread CPU time, trials of all
 * rows take turns, median.
 */
final class LstmSpeed {
  private static final int TRIALS = 25;
  private static final double TRIAL_SECONDS = 0.015;
  private static final double WARM_SECONDS = 2;

  private LstmSpeed() {}

  private record Row(String name, double flops, Runnable work, double[] nanos) {}

  /** Arguments: words that a row's name must all have. */
  public static void main(String[] args) {
    List<Row> rows = new ArrayList<>();
    for (Kernels kernels : List.of(new VectorKernels(), new PortableKernels())) {
      for (int[] shape : new int[][] {{64, 8}, {128, 32}}) {
        for (int batch : new int[] {1, 32, 256}) {
          String name =
              "step %s H=%d I=%d B=%d".formatted(kernels.name(), shape[0], shape[1], batch);
          double flops = 8.0 * shape[0] * (shape[0] + shape[1]) * batch;
          add(rows, args, name, flops, () -> step(kernels, shape[0], shape[1], batch));
        }
      }
      add(
          rows,
          args,
          "train " + kernels.name() + " H=64",
          327e6,
          () -> train(kernels, new Lstm(64)));
      LayerSpec two = Sequential.of(new Lstm(128), new Lstm(128));
      add(rows, args, "train " + kernels.name() + " H=128x2", 3674e6, () -> train(kernels, two));
    }
    int[] calls = rows.stream().mapToInt(row -> warm(row.work)).toArray();
    double[] peaks = new double[TRIALS];
    for (int trial = 0; trial < TRIALS; trial++) {
      peaks[trial] = Peak.gigaflops();
      for (int i = 0; i < calls.length; i++) {
        rows.get(i).nanos[trial] = nanos(rows.get(i).work, calls[i]);
      }
    }
    Arrays.sort(peaks);
    System.out.printf("peak %.1f GFLOP/s%n", peaks[TRIALS / 2]);
    for (Row row : rows) {
      Arrays.sort(row.nanos);
      double nanos = row.nanos[TRIALS / 2];
      System.out.printf(
          "%-36s %10.2f us %8.1f GFLOP/s, best %.2f us%n",
          row.name, nanos / 1e3, row.flops / nanos, row.nanos[0] / 1e3);
    }
  }

  private static void add(
      List<Row> rows, String[] words, String name, double flops, Supplier<Runnable> work) {
    if (Arrays.stream(words).allMatch(name::contains)) {
      rows.add(new Row(name, flops, work.get(), new double[TRIALS]));
    }
  }

  /** CPU nanoseconds of one of so many calls. */
  private static double nanos(Runnable work, int calls) {
    var threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    for (int i = 0; i < calls; i++) {
      work.run();
    }
    return (double) (threads.getCurrentThreadCpuTime() - start) / calls;
  }

  /** Runs until it is compiled; how many calls make a trial. */
  private static int warm(Runnable work) {
    int calls = 1;
    for (double spent = 0; spent < WARM_SECONDS * 1e9; ) {
      double nanos = nanos(work, calls);
      spent += nanos * calls;
      calls = (int) Math.max(1, TRIAL_SECONDS * 1e9 / nanos);
    }
    return calls;
  }

  private static FloatSeq random(int time, int batch, int width) {
    FloatSeq seq = FloatSeq.zeros(time, batch, width);
    Rng rng = new Rng(width);
    for (int i = 0; i < seq.data().length; i++) {
      seq.data()[i] = (float) rng.nextGaussian();
    }
    return seq;
  }

  /** One step. */
  private static Runnable step(Kernels kernels, int units, int in, int batch) {
    Network network = Network.build(new Lstm(units), Shape.of(in));
    Prepared prepared = network.prepare(network.initialWeights(1), kernels);
    FloatSeq x = random(1, batch, in);
    float[] states = new float[batch * network.stateSize()];
    Context context = Context.stepping(kernels);
    return () -> {
      context.reset();
      prepared.forward(Bundle.of(x), states, context);
    };
  }

  /** Forward, backward and Adam: 64 sequences of 48 steps of 8 inputs. */
  private static Runnable train(Kernels kernels, LayerSpec spec) {
    Network network = Network.build(spec, Shape.of(8));
    float[] weights = network.initialWeights(1);
    float[] grads = new float[weights.length];
    Adam adam = new Adam();
    float[] moments = adam.newMoments(weights.length);
    FloatSeq x = random(48, 64, 8);
    FloatSeq dOutput = random(48, 64, network.outputWidth());
    float[] states = new float[64 * network.stateSize()];
    Context context = Context.training(kernels, new Rng(1));
    return () -> {
      context.reset();
      Arrays.fill(states, 0f);
      network.forward(weights, Bundle.of(x), states, context);
      Arrays.fill(grads, 0f);
      network.backwardToWeights(weights, dOutput, context, grads);
      adam.step(weights, grads, moments, 1, 1e-4);
    };
  }
}
