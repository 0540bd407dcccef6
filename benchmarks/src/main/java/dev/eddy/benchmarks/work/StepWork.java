package dev.eddy.benchmarks.work;

import java.util.List;

/**
 * One step of one LSTM layer for B entities, with {@link #INPUTS} inputs that take turns. The state
 * is carried on from step to step.
 *
 * @param hidden H
 * @param inputs I
 * @param batch B
 */
public record StepWork(int hidden, int inputs, int batch) {
  /** How many inputs take turns; a power of two. */
  public static final int INPUTS = 8;

  /** The shape as a row's name. */
  public String label() {
    return "H=%d I=%d B=%d".formatted(hidden, inputs, batch);
  }

  /** Floating-point operations of the products of one step; the gates are not counted. */
  public double flops() {
    return 2.0 * batch * 4 * hidden * (inputs + hidden);
  }

  /** The layer's weights. */
  public LstmWeights weights() {
    return LstmWeights.random(inputs, hidden, 1);
  }

  /** Input i, {@code [B][I]}. */
  public float[] input(int i) {
    return LstmWeights.uniform(batch * inputs, 1, 10 + i);
  }

  /** The output after the inputs 0, 1, ..., {@code [B][H]}, in double precision. */
  public double[] reference() {
    ReferenceLstm layer = new ReferenceLstm(weights(), batch);
    for (int i = 0; i < INPUTS; i++) {
      layer.step(Doubles.of(input(i)));
    }
    return layer.hidden();
  }

  /** The shapes of the table. */
  public static List<StepWork> all() {
    return List.of(
        new StepWork(64, 8, 1),
        new StepWork(64, 8, 32),
        new StepWork(64, 8, 256),
        new StepWork(128, 32, 1),
        new StepWork(128, 32, 32),
        new StepWork(128, 32, 256));
  }
}
