package dev.eddy.model.kernel;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/** What this JVM says about itself. */
public final class Jvm {
  private Jvm() {}

  /**
   * Whether fused multiply-add is an instruction here; elsewhere it is exact and tens of times
   * slower.
   */
  public static boolean hasHardwareFma() {
    return !"false".equals(option("UseFMA"));
  }

  /**
   * Whether the optimising compiler C2 is at work; without it the Vector API is slower than plain
   * loops.
   */
  public static boolean hasOptimisingCompiler() {
    return !System.getProperty("java.vm.info", "").contains("interpreted mode")
        && (option("TieredStopAtLevel") == null || "4".equals(option("TieredStopAtLevel")));
  }

  /** A HotSpot option's value; null where the JVM does not know it. */
  private static String option(String name) {
    try {
      return ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .getVMOption(name)
          .getValue();
    } catch (RuntimeException | LinkageError unknown) {
      return null; // another JVM, or an image without module jdk.management
    }
  }
}
