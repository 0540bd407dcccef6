package dev.eddy.model.optim;

/**
 * The constants of one step of Adam, as floats, and its loop.
 *
 * @param keepM beta1
 * @param takeM 1 - beta1
 * @param keepV beta2
 * @param takeV 1 - beta2
 * @param unbiasM rate / (1 - beta1^s)
 * @param unbiasV 1 / (1 - beta2^s)
 * @param epsilon beside the root
 * @param keepW what decay leaves of a weight
 */
record AdamLoop(
    float keepM,
    float takeM,
    float keepV,
    float takeV,
    float unbiasM,
    float unbiasV,
    float epsilon,
    float keepW) {
  /** Weights worked on at a time: four such arrays stay in a first-level cache. */
  private static final int BLOCK = 1024;

  static AdamLoop of(Adam adam, double decay, long step, double rate) {
    double b1 = adam.beta1();
    double b2 = adam.beta2();
    return new AdamLoop(
        (float) b1,
        (float) (1 - b1),
        (float) b2,
        (float) (1 - b2),
        (float) (rate / (1 - StrictMath.pow(b1, (double) step))),
        (float) (1 / (1 - StrictMath.pow(b2, (double) step))),
        (float) adam.epsilon(),
        (float) (1 - rate * decay));
  }

  /**
   * C2 turns a loop into vector code where every array is read from its beginning, and not where
   * one array is read at two offsets as the moments are here: hence blocks, copied and copied back.
   * weights, moments: Modified.
   */
  void run(float[] weights, float[] grads, float[] moments) {
    int n = weights.length;
    int block = Math.min(n, BLOCK);
    float[] w = new float[block];
    float[] g = new float[block];
    float[] m = new float[block];
    float[] v = new float[block];
    for (int at = 0; at < n; at += block) {
      int count = Math.min(block, n - at);
      System.arraycopy(weights, at, w, 0, count);
      System.arraycopy(grads, at, g, 0, count);
      System.arraycopy(moments, at, m, 0, count);
      System.arraycopy(moments, n + at, v, 0, count);
      block(count, w, g, m, v);
      System.arraycopy(w, 0, weights, at, count);
      System.arraycopy(m, 0, moments, at, count);
      System.arraycopy(v, 0, moments, n + at, count);
    }
  }

  private void block(int count, float[] w, float[] g, float[] m, float[] v) {
    // Locals: a field read in the loop would keep it from becoming vector code.
    float m0 = keepM;
    float m1 = takeM;
    float v0 = keepV;
    float v1 = takeV;
    float um = unbiasM;
    float uv = unbiasV;
    float floor = epsilon;
    float w0 = keepW;
    for (int i = 0; i < count; i++) {
      float newM = m0 * m[i] + m1 * g[i];
      float newV = v0 * v[i] + v1 * g[i] * g[i];
      m[i] = newM;
      v[i] = newV;
      w[i] = w0 * w[i] - um * newM / ((float) Math.sqrt(uv * newV) + floor);
    }
  }
}
