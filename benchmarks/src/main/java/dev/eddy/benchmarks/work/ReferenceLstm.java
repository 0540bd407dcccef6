package dev.eddy.benchmarks.work;

/** One LSTM layer in double precision, as plain as can be: what every library is compared with. */
final class ReferenceLstm {
  private final LstmWeights weights;
  private final int batch;
  private final double[] h; // [B][H]
  private final double[] c; // [B][H]

  ReferenceLstm(LstmWeights weights, int batch) {
    this.weights = weights;
    this.batch = batch;
    this.h = new double[batch * weights.hidden()];
    this.c = new double[batch * weights.hidden()];
  }

  /** A copy of the output, {@code [B][H]}. */
  double[] hidden() {
    return h.clone();
  }

  /** One step; x: {@code [B][I]}. Not modified. */
  void step(double[] x) {
    int units = weights.hidden();
    for (int b = 0; b < batch; b++) {
      double[] z = sums(x, b);
      for (int j = 0; j < units; j++) {
        double i = sigmoid(z[j]);
        double f = sigmoid(z[units + j]);
        double o = sigmoid(z[2 * units + j]);
        double g = Math.tanh(z[3 * units + j]);
        int at = b * units + j;
        c[at] = f * c[at] + i * g;
        h[at] = o * Math.tanh(c[at]);
      }
    }
  }

  private double[] sums(double[] x, int b) {
    int in = weights.inputs();
    int units = weights.hidden();
    double[] z = Doubles.of(weights.b());
    for (int r = 0; r < z.length; r++) {
      for (int k = 0; k < in; k++) {
        z[r] += weights.w()[r * in + k] * x[b * in + k];
      }
      for (int k = 0; k < units; k++) {
        z[r] += weights.u()[r * units + k] * h[b * units + k];
      }
    }
    return z;
  }

  private static double sigmoid(double v) {
    return 1 / (1 + Math.exp(-v));
  }
}
