package dev.eddy.model.decode;

import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.kernel.Rng;
import dev.eddy.model.loss.Softmax;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Draws a class from logits, more or less boldly.
 *
 * <pre>
 * p = softmax(logits / temperature);  keep the topK likeliest;  of these keep the likeliest until
 * they have topP of what the topK have (Holtzman et al. 2020);  draw in proportion
 * </pre>
 *
 * <p>Ties go to the lower id. At least one class is kept.
 *
 * @param temperature above 0 softens (above 1) or sharpens (below 1); 0: always the likeliest
 * @param topK how many are kept, at least 1; 0: all
 * @param topP share of probability that is kept, within (0, 1]; 1: all
 */
public record Sampling(double temperature, int topK, double topP) {

  /** Checks the parameters. */
  public Sampling {
    if (!(temperature >= 0 && temperature < Double.POSITIVE_INFINITY)
        || topK < 0
        || !(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException(
          "sampling: temperature must be at least 0, topK at least 0 (0: all) and topP within (0, 1], got %s, %d and %s"
              .formatted(temperature, topK, topP));
    }
  }

  /** From the whole distribution, as it is. */
  public static Sampling plain() {
    return new Sampling(1, 0, 1);
  }

  /** Always the likeliest. */
  public static Sampling greedy() {
    return new Sampling(0, 0, 1);
  }

  /**
   * The probabilities that are drawn from; 0 for what is not kept.
   *
   * @param logits {@code [n]} from {@code at}. Not modified
   * @throws IllegalArgumentException if a logit is NaN, or none is finite
   */
  public float[] probabilities(Kernels kernels, int n, float[] logits, int at) {
    float[] p = new float[n];
    int best = best(n, logits, at);
    if (temperature == 0) {
      p[best] = 1;
      return p;
    }
    for (int c = 0; c < n; c++) {
      // The difference first: however small the temperature, the best keeps 0.
      p[c] = (float) ((logits[at + c] - logits[at + best]) / temperature);
    }
    double unused = Softmax.inPlace(kernels, n, p, 0, 1);
    if ((topK > 0 && topK < n) || topP < 1) {
      cut(p);
    }
    return p;
  }

  /**
   * Draws a class.
   *
   * @param logits {@code [n]} from {@code at}. Not modified
   * @throws IllegalArgumentException if a logit is NaN, or none is finite
   */
  public int draw(Kernels kernels, int n, float[] logits, int at, Rng random) {
    float[] p = probabilities(kernels, n, logits, at);
    double all = 0;
    for (float share : p) {
      all += share;
    }
    double left = random.nextDouble() * all;
    int drawn = 0;
    for (int c = 0; c < n; c++) {
      if (p[c] > 0) {
        drawn = c;
        left -= p[c];
        if (left < 0) {
          break;
        }
      }
    }
    return drawn;
  }

  private static int best(int n, float[] logits, int at) {
    int best = 0;
    for (int c = 0; c < n; c++) {
      if (Float.isNaN(logits[at + c])) {
        throw new IllegalArgumentException("sampling: logit %d is NaN".formatted(c));
      }
      best = logits[at + c] > logits[at + best] ? c : best;
    }
    if (!Float.isFinite(logits[at + best])) {
      throw new IllegalArgumentException(
          "sampling: the greatest of %d logits must be finite, got %s"
              .formatted(n, logits[at + best]));
    }
    return best;
  }

  /** Zeros what is not kept, and brings the rest to a sum of 1. p: Modified. */
  private void cut(float[] p) {
    int[] order =
        IntStream.range(0, p.length)
            .boxed()
            .sorted(Comparator.comparingDouble(c -> -p[c]))
            .mapToInt(Integer::intValue)
            .toArray();
    int most = topK == 0 ? p.length : Math.min(topK, p.length);
    double all = 0;
    for (int i = 0; i < most; i++) {
      all += p[order[i]];
    }
    int kept = 0;
    double sum = 0;
    while (kept < most && (kept == 0 || sum < topP * all)) {
      sum += p[order[kept++]];
    }
    for (int i = 0; i < p.length; i++) {
      p[order[i]] = i < kept ? (float) (p[order[i]] / sum) : 0f;
    }
  }
}
