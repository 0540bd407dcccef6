package dev.eddy.benchmarks.run;

import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Where the benchmarks run. */
public final class Machine {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  private Machine() {}

  /** The processor's name; its architecture where the system does not tell. */
  public static String cpu() {
    String name = cpuInfo("model name");
    return name.isEmpty() ? System.getProperty("os.arch") : name;
  }

  /** What identifies machine and JVM in a report. */
  public static Map<String, String> describe() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("cpu", cpu());
    all.put("family", cpuInfo("cpu family") + " model " + cpuInfo("model"));
    all.put("widestVectors", widest());
    all.put("cores", "" + Runtime.getRuntime().availableProcessors());
    all.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    all.put("jdk", System.getProperty("java.runtime.version"));
    all.put("jvm", System.getProperty("java.vm.name") + ", " + System.getProperty("java.vendor"));
    return all;
  }

  /** Whether this JDK offers the Vector API. */
  static boolean vectorModule() {
    return ModuleFinder.ofSystem().find("jdk.incubator.vector").isPresent();
  }

  /** The fastest kernels of an older OpenBLAS that run here; null to let it choose. */
  static String openBlasCore() {
    return switch (widest()) {
      case "AVX-512" -> "SkylakeX";
      case "AVX2" -> "Haswell";
      default -> null;
    };
  }

  private static String widest() {
    String flags = " " + cpuInfo("flags") + " ";
    return flags.contains(" avx512f ") ? "AVX-512" : flags.contains(" avx2 ") ? "AVX2" : "other";
  }

  private static String cpuInfo(String key) {
    try (Stream<String> lines = Files.lines(CPU_INFO)) {
      return lines
          .filter(line -> line.substring(0, Math.max(0, line.indexOf(':'))).trim().equals(key))
          .map(line -> line.substring(line.indexOf(':') + 1).trim())
          .findFirst()
          .orElse("");
    } catch (IOException noLinux) {
      return "";
    }
  }
}
