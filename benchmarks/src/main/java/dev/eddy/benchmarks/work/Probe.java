package dev.eddy.benchmarks.work;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/**
 * Measures the iterations of this process, and takes turns with other processes: the driver hears
 * {@value #READY} on standard output, answers {@value #GO} on standard input, and hears {@value
 * #DONE} and the figures. Without a driver ({@code -Ddev.eddy.turns} not set) nobody waits.
 */
public final class Probe {
  /** The property that says there is a driver. */
  public static final String TURNS = "dev.eddy.turns";

  /** "I want my turn." */
  public static final String READY = "@ready";

  /** "It is your turn." */
  public static final String GO = "go";

  /** "My turn is over": operations, then nanoseconds and bytes as in {@link Sample}. */
  public static final String DONE = "@done";

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final BufferedReader in;
  private final PrintStream out;
  private long operations;
  private long cpu;
  private long processCpu;
  private long wall;
  private long allocated;

  /** A probe for a process whose driver, if any, holds the other ends of its standard streams. */
  static Probe standard() {
    if (!Boolean.getBoolean(TURNS)) {
      return new Probe(null, null);
    }
    return new Probe(
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII)),
        System.out);
  }

  Probe(BufferedReader in, PrintStream out) {
    this.in = in;
    this.out = out;
  }

  /** Waits for the turn, then starts the clocks. */
  void begin(long operationsSoFar) throws IOException {
    if (in != null) {
      say(READY);
      if (!GO.equals(in.readLine())) {
        throw new IOException("the driver is gone");
      }
    }
    operations = operationsSoFar;
    allocated = THREADS.getCurrentThreadAllocatedBytes();
    processCpu = PROCESS.getProcessCpuTime();
    wall = System.nanoTime();
    cpu = THREADS.getCurrentThreadCpuTime();
  }

  /** Stops the clocks and gives the turn back. */
  void end(long operationsSoFar) {
    cpu = THREADS.getCurrentThreadCpuTime() - cpu;
    wall = System.nanoTime() - wall;
    processCpu = PROCESS.getProcessCpuTime() - processCpu;
    allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
    operations = operationsSoFar - operations;
    if (out != null) {
      say("%s %d %d %d %d %d".formatted(DONE, operations, cpu, processCpu, wall, allocated));
    }
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }
}
