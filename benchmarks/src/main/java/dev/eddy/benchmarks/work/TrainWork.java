package dev.eddy.benchmarks.work;

import java.util.ArrayList;
import java.util.List;

/**
 * Forward, squared error on the last step, backward through all T, Adam: one batch of B sequences.
 *
 * @param hidden H of each layer
 * @param layers L
 * @param threads how many the library may use
 */
public record TrainWork(int hidden, int layers, int threads) {
  /** B. */
  public static final int BATCH = 64;

  /** T. */
  public static final int TIME = 48;

  /** I. */
  public static final int INPUTS = 8;

  /** How many batches take turns; a power of two. */
  public static final int BATCHES = 8;

  /** Adam's learning rate; its other constants are the usual ones. */
  public static final double RATE = 0.001;

  private static final int HEAD_SEED = 50;
  private static final int BATCH_SEED = 100;

  /** The weights of all layers, first to last. */
  public List<LstmWeights> weights() {
    List<LstmWeights> all = new ArrayList<>();
    for (int l = 0; l < layers; l++) {
      all.add(LstmWeights.random(l == 0 ? INPUTS : hidden, hidden, 10 * l + 1));
    }
    return all;
  }

  /** The weights of the last map, {@code [H]}; its bias is zero. */
  public float[] head() {
    return LstmWeights.uniform(hidden, 1 / Math.sqrt(hidden), HEAD_SEED);
  }

  /** The inputs of batch i, {@code [T][B][I]}. */
  public static float[] inputs(int i) {
    return LstmWeights.uniform(TIME * BATCH * INPUTS, 2, BATCH_SEED + i);
  }

  /**
   * What batch i should give: products of two inputs, summed over the last five steps, {@code [B]}.
   */
  public static float[] targets(int i) {
    float[] x = inputs(i);
    float[] y = new float[BATCH];
    for (int b = 0; b < BATCH; b++) {
      float sum = 0;
      for (int t = TIME - 5; t < TIME; t++) {
        int at = (t * BATCH + b) * INPUTS;
        sum += x[at] * x[at + 1];
      }
      y[b] = (float) Math.tanh(0.5 * sum);
    }
    return y;
  }

  /** The inputs of batch i with the sequences one after another, {@code [B][T][I]}. */
  public static float[] inputsBatchFirst(int i) {
    float[] x = inputs(i);
    float[] swapped = new float[x.length];
    for (int t = 0; t < TIME; t++) {
      for (int b = 0; b < BATCH; b++) {
        System.arraycopy(x, (t * BATCH + b) * INPUTS, swapped, (b * TIME + t) * INPUTS, INPUTS);
      }
    }
    return swapped;
  }

  /** The shape as a row's name. */
  public String label() {
    return "H=%d L=%d, %d thread%s".formatted(hidden, layers, threads, threads == 1 ? "" : "s");
  }

  /** Floating-point operations of the products of forward and backward. */
  public double flops() {
    double sum = 0;
    for (int l = 0; l < layers; l++) {
      int in = l == 0 ? INPUTS : hidden;
      int back = hidden + (l == 0 ? 0 : in); // nobody asks for the derivative by the input
      sum += 2.0 * TIME * BATCH * 4 * hidden * (2.0 * (in + hidden) + back);
    }
    return sum;
  }

  /** What the first weights give for batch i, {@code [B]}, in double precision. */
  public double[] reference(int i) {
    List<ReferenceLstm> stack = weights().stream().map(w -> new ReferenceLstm(w, BATCH)).toList();
    float[] x = inputs(i);
    for (int t = 0; t < TIME; t++) {
      int from = t * BATCH * INPUTS;
      double[] step = Doubles.of(x, from, from + BATCH * INPUTS);
      for (ReferenceLstm layer : stack) {
        layer.step(step);
        step = layer.hidden();
      }
    }
    double[] last = stack.get(layers - 1).hidden();
    float[] head = head();
    double[] y = new double[BATCH];
    for (int b = 0; b < BATCH; b++) {
      for (int j = 0; j < hidden; j++) {
        y[b] += last[b * hidden + j] * head[j];
      }
    }
    return y;
  }

  /** The networks of the table. */
  public static List<TrainWork> all() {
    return List.of(new TrainWork(64, 1, 1), new TrainWork(128, 2, 1), new TrainWork(128, 2, 2));
  }
}
