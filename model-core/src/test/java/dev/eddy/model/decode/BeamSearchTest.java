package dev.eddy.model.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.kernel.Rng;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class BeamSearchTest {
  private static final int C = 3;
  private static final int END = 2;

  /** Chances that depend on all that was written: the state of a row is its history. */
  private static final class Writer implements BeamSearch.Step {
    private final long seed;
    private List<List<Integer>> rows = List.of(List.of());

    Writer(long seed) {
      this.seed = seed;
    }

    @Override
    public float[][] next(int[] from, int[] ids) {
      List<List<Integer>> moved = new ArrayList<>();
      for (int row = 0; row < from.length; row++) {
        List<Integer> history = new ArrayList<>(rows.get(from[row]));
        history.add(ids[row]);
        moved.add(history);
      }
      rows = moved;
      return moved.stream().map(history -> logP(seed, history)).toArray(float[][]::new);
    }

    static float[] logP(long seed, List<Integer> history) {
      Rng rng = Rng.of(seed, history.hashCode(), history.size());
      double[] weights = new double[C];
      double all = 0;
      for (int c = 0; c < C; c++) {
        weights[c] = StrictMath.exp(rng.nextGaussian());
        all += weights[c];
      }
      float[] logP = new float[C];
      for (int c = 0; c < C; c++) {
        logP[c] = (float) StrictMath.log(weights[c] / all);
      }
      return logP;
    }
  }

  @Test
  void aWideBeamFindsTheBestOfAllSequences() {
    for (int seed = 0; seed < 30; seed++) {
      for (double penalty : new double[] {0, 0.6, 1, 2}) {
        List<BeamSearch.Found> all = new ArrayList<>();
        enumerate(seed, new ArrayList<>(List.of(0)), 0, 5, penalty, all);
        all.sort(Comparator.comparingDouble(found -> -found.score()));
        List<BeamSearch.Found> found =
            new BeamSearch(100, 5, penalty, END).search(new Writer(seed), 0);
        for (int i = 0; i < all.size(); i++) {
          assertThat(found.get(i).ids()).isEqualTo(all.get(i).ids());
          assertThat(found.get(i).score()).isCloseTo(all.get(i).score(), within(1e-9));
          assertThat(found.get(i).finished()).isTrue();
        }
      }
    }
  }

  private static void enumerate(
      long seed,
      List<Integer> history,
      double logP,
      int left,
      double penalty,
      List<BeamSearch.Found> all) {
    if (left == 0) {
      return;
    }
    float[] next = Writer.logP(seed, history);
    double divisor = StrictMath.pow((5.0 + history.size()) / 6, penalty);
    List<Integer> written = List.copyOf(history.subList(1, history.size()));
    all.add(new BeamSearch.Found(written, (logP + next[END]) / divisor, true));
    for (int c = 0; c < END; c++) {
      List<Integer> more = new ArrayList<>(history);
      more.add(c);
      enumerate(seed, more, logP + next[c], left - 1, penalty, all);
    }
  }

  @Test
  void widthOneIsGreedy() {
    for (int seed = 0; seed < 20; seed++) {
      List<Integer> history = new ArrayList<>(List.of(0));
      boolean finished = false;
      while (history.size() <= 6 && !finished) {
        float[] next = Writer.logP(seed, history);
        int best = next[1] > next[0] ? 1 : 0;
        best = next[END] > next[best] ? END : best;
        finished = best == END;
        if (!finished) {
          history.add(best);
        }
      }
      BeamSearch.Found found = new BeamSearch(1, 6, 1, END).search(new Writer(seed), 0).get(0);
      assertThat(found.ids()).isEqualTo(history.subList(1, history.size()));
      assertThat(found.finished()).isEqualTo(finished);
    }
  }

  @Test
  void stoppingEarlyChangesNothing() {
    // The first width found cannot be beaten where every step costs a lot.
    int[] calls = new int[1];
    BeamSearch.Step step =
        (from, ids) -> {
          calls[0]++;
          float[][] logP = new float[from.length][];
          for (int row = 0; row < from.length; row++) {
            logP[row] = new float[] {-5f, -6f, -0.01f};
          }
          return logP;
        };
    List<BeamSearch.Found> found = new BeamSearch(1, 1000, 0, END).search(step, 0);
    assertThat(found).hasSize(1);
    assertThat(found.get(0).ids()).isEmpty();
    assertThat(calls[0]).isEqualTo(1);
  }

  @Test
  void aPenaltyPrefersWhatIsLonger() {
    // The end at once costs 1.0; three ids and then the end cost 1.2.
    for (double penalty : new double[] {0, 1}) {
      int[] calls = new int[1];
      BeamSearch.Step step =
          (from, ids) -> {
            int call = calls[0]++;
            float[] logP = {call < 3 ? -0.4f : -9f, -20f, call == 0 ? -1f : call == 3 ? 0f : -20f};
            float[][] rows = new float[from.length][];
            java.util.Arrays.fill(rows, logP);
            return rows;
          };
      List<BeamSearch.Found> found = new BeamSearch(10, 4, penalty, END).search(step, 0);
      assertThat(found.get(0).ids()).hasSize(penalty == 0 ? 0 : 3);
    }
  }

  @Test
  void wrongParametersAreNamed() {
    assertThatThrownBy(() -> new BeamSearch(0, 5, 0, 1))
        .hasMessageContaining("got 0, 5, 0.0 and 1");
    assertThatThrownBy(() -> new BeamSearch(1, 5, -1, 1)).hasMessageContaining("penalty");
  }
}
