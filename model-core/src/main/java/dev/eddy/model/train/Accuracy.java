package dev.eddy.model.train;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.List;

/**
 * The share of steps whose highest score is that of the right class, of those whose class is known.
 * Of equal scores the first counts.
 */
public record Accuracy() implements BatchMetrics {
  @Override
  public List<String> names() {
    return List.of("accuracy");
  }

  @Override
  public void add(Bundle output, Bundle target, double[] sums) {
    FloatSeq scores = output.main();
    int[] classes = target.ids(Bundle.MAIN).data();
    for (int i = 0; i < scores.time() * scores.batch(); i++) {
      if (classes[i] >= 0 && output.real(i / scores.batch(), i % scores.batch())) {
        sums[0] += highest(scores.data(), i * scores.width(), scores.width()) == classes[i] ? 1 : 0;
        sums[1]++;
      }
    }
  }

  private static int highest(float[] scores, int at, int width) {
    int best = 0;
    for (int c = 1; c < width; c++) {
      if (scores[at + c] > scores[at + best]) {
        best = c;
      }
    }
    return best;
  }
}
