package dev.eddy.benchmarks.work;

/**
 * One iteration of one contender.
 *
 * @param operations how many steps or batches it made
 * @param cpu nanoseconds of its thread on a core
 * @param processCpu nanoseconds of all threads of the process on cores
 * @param wall nanoseconds of a clock on the wall
 * @param allocated bytes its thread took from the heap
 */
public record Sample(long operations, long cpu, long processCpu, long wall, long allocated) {

  /** Reads what {@link Probe} says after {@link Probe#DONE}. */
  public static Sample parse(String line) {
    String[] words = line.trim().split(" ");
    if (words.length != 6 || !words[0].equals(Probe.DONE)) {
      throw new IllegalArgumentException("not a sample: " + line);
    }
    return new Sample(
        Long.parseLong(words[1]),
        Long.parseLong(words[2]),
        Long.parseLong(words[3]),
        Long.parseLong(words[4]),
        Long.parseLong(words[5]));
  }

  /** Nanoseconds of the thread for one operation. */
  public double cpuPerOperation() {
    return (double) cpu / operations;
  }

  /** Nanoseconds on the wall for one operation. */
  public double wallPerOperation() {
    return (double) wall / operations;
  }

  /** Nanoseconds of the process for one operation. */
  public double processCpuPerOperation() {
    return (double) processCpu / operations;
  }

  /** Bytes for one operation. */
  public double allocatedPerOperation() {
    return (double) allocated / operations;
  }
}
