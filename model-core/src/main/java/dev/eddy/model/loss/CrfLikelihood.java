package dev.eddy.model.loss;

import dev.eddy.model.kernel.Functions;
import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.Crf;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.seq.IntSeq;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The negative log likelihood of a sequence of labels under a linear-chain conditional random field
 * (Lafferty, McCallum and Pereira 2001), from the potentials that the layer {@link Crf} gives: the
 * score of a sequence of labels is the sum of one potential a step, and
 *
 * <pre>
 * loss = log sum over all sequences of exp(score)  -  log sum over those that agree with the target
 * </pre>
 *
 * <p>A label that is not known (below 0) may be any: it is summed over (Tsuboi et al. 2008). A step
 * that is not real is left out: the chain goes from the real step before it to the one after. Each
 * known label counts as a target. By the forward-backward recursion, O(T K^2).
 *
 * @param labels K, at least 1
 */
public record CrfLikelihood(int labels) implements Loss {

  /** Checks the number. */
  public CrfLikelihood {
    Checks.size("crf", "labels", labels, 1);
    Checks.size("crf", "labels * (labels + 2)", (long) labels * (labels + 2), 1);
  }

  @Override
  public String kind() {
    return "crf";
  }

  @Override
  public int outputWidth() {
    return Crf.width(labels);
  }

  @Override
  public Shape target() {
    return new Shape(Map.of(Bundle.MAIN, 0));
  }

  @Override
  public LossSum apply(Bundle output, Bundle target, FloatSeq dOutput, Context context) {
    Checks.derivative(this, output, dOutput);
    FloatSeq x = Checks.output(this, output);
    IntSeq ids = Checks.ids(this, output, target);
    Arrays.fill(dOutput.data(), 0, x.time() * x.batch() * outputWidth(), 0f);
    Chain[] chains = new Chain[x.batch()];
    long count = 0;
    for (int b = 0; b < x.batch(); b++) {
      chains[b] = new Chain(x, b, steps(output, target, b), known(output, target, ids, b));
      count += chains[b].count();
    }
    double sum = 0;
    for (Chain chain : chains) {
      if (chain.count() > 0) {
        sum += chain.loss(1.0 / count, dOutput.data());
      }
    }
    return new LossSum(sum, count);
  }

  @Override
  public LossSum score(Bundle output, Bundle target, int b, Context context) {
    FloatSeq x = Checks.output(this, output);
    IntSeq ids = Checks.ids(this, output, target);
    Chain chain = new Chain(x, b, steps(output, target, b), known(output, target, ids, b));
    return new LossSum(chain.count() == 0 ? 0 : chain.loss(0, null), chain.count());
  }

  private static int[] steps(Bundle output, Bundle target, int b) {
    return IntStream.range(0, output.time())
        .filter(t -> output.real(t, b) && target.real(t, b))
        .toArray();
  }

  /** The labels at these steps. */
  private int[] known(Bundle output, Bundle target, IntSeq ids, int b) {
    return Arrays.stream(steps(output, target, b))
        .map(t -> Checks.id(this, ids.data()[t * ids.batch() + b], labels))
        .toArray();
  }

  /** One sequence: its real steps and their labels. */
  private final class Chain {
    private final FloatSeq x;
    private final int b;
    private final int[] steps;
    private final int[] known;

    Chain(FloatSeq x, int b, int[] steps, int[] known) {
      this.x = x;
      this.b = b;
      this.steps = steps;
      this.known = known;
    }

    long count() {
      return Arrays.stream(known).filter(label -> label >= 0).count();
    }

    /** The loss; adds its derivative where d is not null. */
    double loss(double scale, float[] d) {
      return sum(null, scale, d) - sum(known, -scale, d);
    }

    /**
     * The logarithm of the sum over all sequences of labels that agree with those allowed, and the
     * derivative of scale times it: the chance of each transition.
     *
     * @param only the label at each step, below 0: any; null: any at all steps
     */
    private double sum(int[] only, double scale, float[] d) {
      int n = steps.length;
      double[][] ahead = new double[n][labels]; // up to and with step t
      double[][] behind = new double[n][labels]; // after step t
      double[] terms = new double[labels];
      for (int t = 0; t < n; t++) {
        for (int j = 0; j < labels; j++) {
          ahead[t][j] = Double.NEGATIVE_INFINITY;
          if (allowed(only, t, j)) {
            ahead[t][j] = t == 0 ? potential(0, labels, j) : into(ahead[t - 1], t, j, terms);
          }
        }
      }
      for (int i = 0; i < labels; i++) {
        behind[n - 1][i] = potential(n - 1, labels + 1, i);
        terms[i] = ahead[n - 1][i] + behind[n - 1][i];
      }
      double all = Softmax.logSum(labels, terms);
      if (d != null) {
        for (int t = n - 2; t >= 0; t--) {
          for (int i = 0; i < labels; i++) {
            behind[t][i] = outOf(behind[t + 1], only, t, i, terms);
          }
        }
        addChances(ahead, behind, only, all, scale, d);
      }
      return all;
    }

    private double into(double[] before, int t, int j, double[] terms) {
      for (int i = 0; i < labels; i++) {
        terms[i] = before[i] + potential(t, i, j);
      }
      return Softmax.logSum(labels, terms);
    }

    private double outOf(double[] after, int[] only, int t, int i, double[] terms) {
      for (int j = 0; j < labels; j++) {
        boolean allowed = allowed(only, t + 1, j);
        terms[j] = allowed ? after[j] + potential(t + 1, i, j) : Double.NEGATIVE_INFINITY;
      }
      return Softmax.logSum(labels, terms);
    }

    private void addChances(
        double[][] ahead, double[][] behind, int[] only, double all, double scale, float[] d) {
      int n = steps.length;
      for (int t = 0; t < n; t++) {
        for (int j = 0; j < labels; j++) {
          if (!allowed(only, t, j)) {
            continue;
          }
          double after = behind[t][j] - all;
          if (t == 0) {
            d[at(0, labels, j)] += chance(ahead[0][j] + after, scale);
          } else {
            for (int i = 0; i < labels; i++) {
              double through = ahead[t - 1][i] + potential(t, i, j) + after;
              d[at(t, i, j)] += chance(through, scale);
            }
          }
        }
      }
      for (int j = 0; j < labels; j++) {
        double last = ahead[n - 1][j] + behind[n - 1][j] - all;
        d[at(n - 1, labels + 1, j)] += chance(last, scale);
      }
    }

    private float chance(double log, double scale) {
      return (float) (scale * Functions.exp((float) log));
    }

    private boolean allowed(int[] only, int t, int j) {
      return only == null || only[t] < 0 || only[t] == j;
    }

    private double potential(int t, int row, int j) {
      return x.data()[at(t, row, j)];
    }

    private int at(int t, int row, int j) {
      return x.at(steps[t], b) + row * labels + j;
    }
  }
}
