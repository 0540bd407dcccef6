package dev.eddy.benchmarks.work;

import java.io.IOException;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A benchmark whose iterations take turns with those of other processes. */
@State(Scope.Thread)
public abstract class TurnTaking {
  private final Probe probe = Probe.standard();
  private long operations;

  /** Counts one operation; the number of those before it. */
  final long next() {
    return operations++;
  }

  /** Waits for the turn. */
  @Setup(Level.Iteration)
  public final void begin() throws IOException {
    probe.begin(operations);
  }

  /** Reports, and gives the turn back. */
  @TearDown(Level.Iteration)
  public final void end() {
    probe.end(operations);
  }
}
