package dev.eddy.model.loss;

import dev.eddy.model.kernel.Functions;
import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.seq.IntSeq;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Connectionist temporal classification (Graves, Fernandez, Gomez and Schmidhuber 2006): the
 * negative log likelihood of a label that is shorter than the sequence it belongs to, over all ways
 * to lay it along the steps.
 *
 * <pre>
 * a path has a class at every step; drop repeats, then blanks:   a a _ a b b  ->  a a b
 * loss = -log sum over the paths that give the label of the product of softmax(x_t)[path_t]
 * </pre>
 *
 * <p>Outputs are logits {@code [T][B][C]}, one class the blank. The target runs on a clock of its
 * own: ids {@code [L][B]} with lengths; a length of 0 is the empty label, an id below 0 within the
 * length says that the sequence's label is not known. A label is one target: the loss of a batch is
 * the mean over its sequences. All in logarithms, by the forward-backward recursion; O(T L) each.
 *
 * @param classes C, the blank among them, at least 2
 * @param blank the id of the blank
 */
public record CtcLoss(int classes, int blank) implements Loss {

  /** Checks the parameters. */
  public CtcLoss {
    Checks.size("ctc", "classes", classes, 2);
    Checks.require(
        blank >= 0 && blank < classes,
        "ctc: blank must be one of the %d classes, got %d",
        classes,
        blank);
  }

  @Override
  public String kind() {
    return "ctc";
  }

  @Override
  public int outputWidth() {
    return classes;
  }

  @Override
  public Shape target() {
    return new Shape(Map.of(Bundle.MAIN, 0));
  }

  /**
   * The fewest steps that a label fits: one for each of its ids, and one for the blank between two
   * that are the same.
   *
   * @param label Not modified
   */
  public static int stepsNeeded(int... label) {
    int steps = label.length;
    for (int i = 1; i < label.length; i++) {
      if (label[i] == label[i - 1]) {
        steps++;
      }
    }
    return steps;
  }

  @Override
  public LossSum apply(Bundle output, Bundle target, FloatSeq dOutput, Context context) {
    Checks.derivative(this, output, dOutput);
    FloatSeq x = Checks.output(this, output);
    Arrays.fill(dOutput.data(), 0, x.time() * x.batch() * classes, 0f);
    int[][] labels = new int[x.batch()][];
    long count = 0;
    for (int b = 0; b < x.batch(); b++) {
      labels[b] = label(output, target, b);
      count += labels[b] == null ? 0 : 1;
    }
    float[] scratch = context.floats(x.time() * classes);
    double sum = 0;
    for (int b = 0; b < x.batch(); b++) {
      if (labels[b] != null) {
        sum += sequence(output, b, labels[b], scratch, context, 1.0 / count, dOutput);
      }
    }
    return new LossSum(sum, count);
  }

  @Override
  public LossSum score(Bundle output, Bundle target, int b, Context context) {
    FloatSeq x = Checks.output(this, output);
    int[] label = label(output, target, b);
    if (label == null) {
      return new LossSum(0, 0);
    }
    float[] scratch = context.floats(x.time() * classes);
    return new LossSum(sequence(output, b, label, scratch, context, 0, null), 1);
  }

  /** The label of sequence b; null where it is not known, or the sequence has no steps. */
  private int[] label(Bundle output, Bundle target, int b) {
    IntSeq ids = Checks.ids(this, target);
    Checks.require(
        ids.batch() == output.batch(),
        "ctc: target is [L=%d][B=%d], the loss takes [L][B=%d]",
        ids.time(),
        ids.batch(),
        output.batch());
    int[] label =
        IntStream.range(0, ids.time())
            .filter(l -> target.real(l, b))
            .map(l -> ids.data()[l * ids.batch() + b])
            .toArray();
    int steps = steps(output, b).length;
    if (steps == 0 || Arrays.stream(label).anyMatch(id -> id < 0)) {
      return null;
    }
    for (int id : label) {
      Checks.require(
          id < classes && id != blank,
          "ctc: label of sequence %d has id %d, it must be one of the %d classes but not the blank %d",
          b,
          id,
          classes,
          blank);
    }
    Checks.require(
        stepsNeeded(label) <= steps,
        "ctc: label of sequence %d has %d ids and needs %d steps (one more for each repeated id), the sequence has %d: leave it out or subsample less",
        b,
        label.length,
        stepsNeeded(label),
        steps);
    return label;
  }

  /** The real steps of sequence b. */
  private static int[] steps(Bundle output, int b) {
    return IntStream.range(0, output.time()).filter(t -> output.real(t, b)).toArray();
  }

  /** The loss of one sequence; its derivative where {@code dOutput} is not null. */
  private double sequence(
      Bundle output,
      int b,
      int[] label,
      float[] p, // [T][C] scratch: the softmax of every step
      Context context,
      double scale,
      FloatSeq dOutput) {
    FloatSeq x = output.main();
    int[] steps = steps(output, b);
    int[] path = withBlanks(label);
    double[][] logP = new double[steps.length][path.length]; // of the path's classes
    for (int t = 0; t < steps.length; t++) {
      int at = x.at(steps[t], b);
      System.arraycopy(x.data(), at, p, t * classes, classes);
      double logSum = Softmax.inPlace(context.kernels(), classes, p, t * classes, 1);
      for (int s = 0; s < path.length; s++) {
        logP[t][s] = x.data()[at + path[s]] - logSum;
      }
    }
    double[][] ahead = forward(path, logP);
    double logLikelihood = ending(ahead[steps.length - 1]);
    if (dOutput != null) {
      double[][] behind = backward(path, logP);
      for (int t = 0; t < steps.length; t++) {
        int at = x.at(steps[t], b);
        float[] d = dOutput.data();
        for (int c = 0; c < classes; c++) {
          d[at + c] = (float) (scale * p[t * classes + c]);
        }
        for (int s = 0; s < path.length; s++) {
          float share = Functions.exp((float) (ahead[t][s] + behind[t][s] - logLikelihood));
          d[at + path[s]] -= (float) (scale * share);
        }
      }
    }
    return -logLikelihood;
  }

  /** The label with a blank before, between and after its ids. */
  private int[] withBlanks(int[] label) {
    int[] path = new int[2 * label.length + 1];
    Arrays.fill(path, blank);
    for (int i = 0; i < label.length; i++) {
      path[2 * i + 1] = label[i];
    }
    return path;
  }

  /** Whether a path may step from place s - 2 to s, over the blank between. */
  private boolean skips(int[] path, int s) {
    return s >= 2 && path[s] != blank && path[s] != path[s - 2];
  }

  /** [t][s] the logarithm of the chance of all beginnings that are at place s at step t. */
  private double[][] forward(int[] path, double[][] logP) {
    double[][] a = new double[logP.length][path.length];
    Arrays.fill(a[0], Double.NEGATIVE_INFINITY);
    a[0][0] = logP[0][0];
    if (path.length > 1) {
      a[0][1] = logP[0][1];
    }
    for (int t = 1; t < logP.length; t++) {
      for (int s = 0; s < path.length; s++) {
        double sum = a[t - 1][s];
        sum = s >= 1 ? logAdd(sum, a[t - 1][s - 1]) : sum;
        sum = skips(path, s) ? logAdd(sum, a[t - 1][s - 2]) : sum;
        a[t][s] = sum + logP[t][s];
      }
    }
    return a;
  }

  /** [t][s] the logarithm of the chance of all endings after step t, from place s. */
  private double[][] backward(int[] path, double[][] logP) {
    double[][] b = new double[logP.length][path.length];
    int last = logP.length - 1;
    Arrays.fill(b[last], Double.NEGATIVE_INFINITY);
    b[last][path.length - 1] = 0;
    if (path.length > 1) {
      b[last][path.length - 2] = 0;
    }
    for (int t = last - 1; t >= 0; t--) {
      for (int s = 0; s < path.length; s++) {
        double sum = b[t + 1][s] + logP[t + 1][s];
        if (s + 1 < path.length) {
          sum = logAdd(sum, b[t + 1][s + 1] + logP[t + 1][s + 1]);
        }
        if (s + 2 < path.length && skips(path, s + 2)) {
          sum = logAdd(sum, b[t + 1][s + 2] + logP[t + 1][s + 2]);
        }
        b[t][s] = sum;
      }
    }
    return b;
  }

  private static double ending(double[] a) {
    double last = a[a.length - 1];
    return a.length > 1 ? logAdd(last, a[a.length - 2]) : last;
  }

  /** log(exp(a) + exp(b)); error at most 3e-7. */
  private static double logAdd(double a, double b) {
    double most = Math.max(a, b);
    double least = Math.min(a, b);
    return least == Double.NEGATIVE_INFINITY
        ? most
        : most + Functions.softplus((float) (least - most));
  }
}
