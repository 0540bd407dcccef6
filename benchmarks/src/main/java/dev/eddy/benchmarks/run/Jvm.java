package dev.eddy.benchmarks.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A process with this one's Java and class path, for a contender to have to itself. */
public final class Jvm {
  private Jvm() {}

  /**
   * A process not yet started.
   *
   * @param threads how many native libraries may use
   * @param options of the JVM, beside those that everybody gets
   * @param program class and arguments
   */
  public static ProcessBuilder process(int threads, List<String> options, List<String> program) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Machine.vectorModule()) {
      words.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    }
    int feature = Runtime.version().feature();
    if (feature >= 22) {
      words.add("--enable-native-access=ALL-UNNAMED");
    }
    if (feature >= 23) {
      words.add("--sun-misc-unsafe-memory-access=allow");
    }
    // ONNX Runtime was seen to overflow the usual stack of 1 MB.
    words.addAll(List.of("-Xss8m", "-XX:+UseSerialGC", "-Djava.awt.headless=true"));
    words.addAll(options);
    words.addAll(List.of("-cp", System.getProperty("java.class.path")));
    words.addAll(program);
    ProcessBuilder builder = new ProcessBuilder(words);
    settings(builder.environment(), threads);
    return builder;
  }

  private static void settings(Map<String, String> environment, int threads) {
    for (String name : List.of("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")) {
      environment.put(name, "" + threads);
    }
    // What a shell or the launcher set for other purposes.
    environment
        .keySet()
        .removeAll(List.of("OPENBLAS_CORETYPE", "MALLOC_ARENA_MAX", "JAVA_TOOL_OPTIONS"));
    String core = Machine.openBlasCore();
    if (core != null) {
      // The OpenBLAS that DL4J brings does not know newer cores, and falls back to SSE there.
      environment.put("OPENBLAS_CORETYPE", core);
    }
  }
}
