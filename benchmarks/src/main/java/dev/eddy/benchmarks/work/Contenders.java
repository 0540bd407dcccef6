package dev.eddy.benchmarks.work;

import java.util.Map;

/**
 * The contenders by name. Peers are compiled in the profile of that name only, so found by class.
 */
public final class Contenders {
  private static final Map<String, String> CLASSES =
      Map.of(
          "eddy", "dev.eddy.benchmarks.work.EddyContender",
          "portable", "dev.eddy.benchmarks.work.EddyContender",
          "peak", "dev.eddy.benchmarks.work.PeakContender",
          "onnxruntime", "dev.eddy.benchmarks.peers.OnnxRuntime",
          "djl", "dev.eddy.benchmarks.peers.DjlPyTorch",
          "dl4j", "dev.eddy.benchmarks.peers.Deeplearning4j");

  private Contenders() {}

  /** The contender of this name. Throws IllegalArgumentException if it is not there. */
  static Contender named(String name) throws Exception {
    String type = CLASSES.get(name);
    if (type == null) {
      throw new IllegalArgumentException(
          "no contender '%s', only %s".formatted(name, CLASSES.keySet()));
    }
    try {
      return (Contender) Class.forName(type).getDeclaredConstructor().newInstance();
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException(
          name + " is not in this build: build with -Ppeers, or ./eddy bench --peers", e);
    }
  }

  /** A learner of this name. Throws IllegalArgumentException if there is none. */
  public static SeriesLearner seriesLearner(String name, SeriesWork work) throws Exception {
    return named(name).seriesLearner(work);
  }

  /** Whether the classes of the peers are there. */
  public static boolean peersAreThere() {
    try {
      Class.forName(CLASSES.get("dl4j"), false, Contenders.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
