package dev.eddy.jobs.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** "Did you mean": the known word nearest to a mistyped one. */
final class Suggestion {
  private Suggestion() {}

  /**
   * The message about something unknown: what it is, the nearest known word, and all known words.
   */
  static String unknown(String what, String found, Collection<String> known) {
    String nearest =
        nearest(found, known).map(word -> "; did you mean '" + word + "'?").orElse(".");
    return "unknown %s%s Allowed: %s"
        .formatted(what, nearest, String.join(", ", new TreeSet<>(known)));
  }

  /**
   * The nearest known word, if it is near enough to be meant; camelCase and snake_case count as the
   * same word.
   */
  static Optional<String> nearest(String found, Collection<String> known) {
    String plain = plain(found);
    String best = null;
    int bestDistance = Integer.MAX_VALUE;
    for (String word : new TreeSet<>(known)) {
      int distance = distance(plain, plain(word));
      if (distance < bestDistance) {
        best = word;
        bestDistance = distance;
      }
    }
    return bestDistance <= Math.max(1, plain.length() / 3) ? Optional.of(best) : Optional.empty();
  }

  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
  }

  /**
   * Insertions, deletions, substitutions and swaps of neighbours (Damerau) that lead from a to b.
   */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
