package dev.eddy.jobs.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The model beside what it had to beat on the gate's stretch. The first metric is the model's error
 * ({@code mase}); those that begin with its name and a dash are the same error of others ({@code
 * mase-live}, {@code mase-naive-24}).
 *
 * @param metric the error's name
 * @param model the model's
 * @param rivals the others', in the order reported
 * @param others metrics that have nothing to do with it
 */
record Standing(String metric, double model, List<Rival> rivals, Map<String, Double> others) {
  private static final String LIVE = "live";

  /**
   * Who had to be beaten.
   *
   * @param name for people
   * @param live whether it is the live model
   * @param error its error
   */
  record Rival(String name, boolean live, double error) {}

  /**
   * Sorts a result's metrics out.
   *
   * @return null where there are none
   */
  static Standing of(Map<String, Double> metrics) {
    if (metrics.isEmpty()) {
      return null;
    }
    String metric = metrics.keySet().iterator().next();
    List<Rival> rivals = new ArrayList<>();
    Map<String, Double> others = new LinkedHashMap<>();
    metrics.forEach(
        (name, value) -> {
          if (name.startsWith(metric + "-")) {
            String rival = name.substring(metric.length() + 1);
            rivals.add(new Rival(title(rival), rival.equals(LIVE), value));
          } else if (!name.equals(metric)) {
            others.put(name, value);
          }
        });
    return new Standing(metric, metrics.get(metric), rivals, others);
  }

  private static String title(String rival) {
    if (rival.equals(LIVE)) {
      return "live model";
    }
    if (rival.equals("last")) {
      return "last value";
    }
    return rival.startsWith("naive-")
        ? "naive, " + rival.substring("naive-".length()) + " steps back"
        : rival;
  }

  /** The baseline with the lowest error; null where there is none. */
  Rival bestBaseline() {
    return rivals.stream()
        .filter(rival -> !rival.live() && Double.isFinite(rival.error()))
        .min(Comparator.comparingDouble(Rival::error))
        .orElse(null);
  }

  /** The live model; null where there is none. */
  Rival live() {
    return rivals.stream().filter(Rival::live).findFirst().orElse(null);
  }

  /** By what share the model's error is lower than a rival's; negative where it is higher. */
  double better(Rival rival) {
    return 1 - model / rival.error();
  }
}
