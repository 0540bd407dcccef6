package dev.eddy.model.vector;

import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.kernel.PortableKernels;
import java.util.Arrays;

/**
 * Prints how fast both providers multiply the shapes that an LSTM of 64 units needs: no test, a
 * tool beside decision record 0007. Best of many trials, one thread.
 */
final class ProductSpeed {
  private static final int[][] SHAPES = { // m, n, k
    {1, 256, 64}, {32, 256, 64}, {1024, 256, 32}, {64, 256, 1024}, {32, 64, 256}, {256, 72, 64}
  };

  private ProductSpeed() {}

  public static void main(String[] args) {
    for (Kernels kernels : new Kernels[] {new PortableKernels(), new VectorKernels()}) {
      for (int[] shape : SHAPES) {
        System.out.printf(
            "%s, %d bit: m n k = %s: %.0f GFLOP/s%n",
            kernels.name(), VectorKernels.bits(), Arrays.toString(shape), speed(kernels, shape));
      }
    }
  }

  private static double speed(Kernels kernels, int[] shape) {
    int m = shape[0];
    int n = shape[1];
    int k = shape[2];
    float[] a = new float[m * k];
    float[] b = new float[k * n];
    float[] c = new float[m * n];
    Arrays.fill(a, 0.5f);
    Arrays.fill(b, 1e-6f);
    long operations = 2L * m * n * k;
    int calls = (int) Math.max(1, 20_000_000 / operations);
    long best = Long.MAX_VALUE;
    for (int trial = 0; trial < 60; trial++) {
      long start = System.nanoTime();
      for (int call = 0; call < calls; call++) {
        kernels.addProduct(m, n, k, a, 0, k, 1, b, 0, n, c, 0, n);
      }
      best = Math.min(best, System.nanoTime() - start);
    }
    return (double) operations * calls / best;
  }
}
