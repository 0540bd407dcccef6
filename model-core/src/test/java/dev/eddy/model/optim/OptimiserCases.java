package dev.eddy.model.optim;

import java.util.List;

/** Every optimiser with its reference. A new optimiser gets its line here, or the kit fails. */
final class OptimiserCases {
  private OptimiserCases() {}

  static List<OptimiserCase> all() {
    return List.of(
        new OptimiserCase(new Sgd(), (w, g, m, s, rate) -> w - rate * g),
        new OptimiserCase(
            new Momentum(0.8),
            (w, g, m, s, rate) -> {
              m[0] = 0.8 * m[0] + g;
              return w - rate * m[0];
            }),
        new OptimiserCase(
            new Nesterov(0.7),
            (w, g, m, s, rate) -> {
              m[0] = 0.7 * m[0] + g;
              return w - rate * (g + 0.7 * m[0]);
            }),
        new OptimiserCase(
            new Adagrad(1e-4),
            (w, g, m, s, rate) -> {
              m[0] += g * g;
              return w - rate * g / (Math.sqrt(m[0]) + 1e-4);
            }),
        new OptimiserCase(
            new RmsProp(0.95, 1e-4),
            (w, g, m, s, rate) -> {
              m[0] = 0.95 * m[0] + 0.05 * g * g;
              return w - rate * g / (Math.sqrt(m[0]) + 1e-4);
            }),
        new OptimiserCase(new Adam(0.85, 0.98, 1e-5), (w, g, m, s, rate) -> adam(w, g, m, s, rate)),
        new OptimiserCase(
            new AdamW(0.85, 0.98, 1e-5, 0.05),
            (w, g, m, s, rate) -> adam(w, g, m, s, rate) - rate * 0.05 * w));
  }

  private static double adam(double w, double g, double[] m, int s, double rate) {
    m[0] = 0.85 * m[0] + 0.15 * g;
    m[1] = 0.98 * m[1] + 0.02 * g * g;
    double mHat = m[0] / (1 - Math.pow(0.85, s));
    double vHat = m[1] / (1 - Math.pow(0.98, s));
    return w - rate * mHat / (Math.sqrt(vHat) + 1e-5);
  }
}
