package dev.eddy.model.layer;

import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.kernel.Rng;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * What a pass through a network needs beside weights, state and input: the kernels, scratch memory,
 * the trace, the training flag and the random generator. One thread uses one context.
 *
 * <p>The trace is a stack: a layer's forward pushes what its backward will pop, and backward visits
 * the layers in reverse order. Scratch arrays are handed out again, in the same order, after {@link
 * #reset()}; so are the handles on them (bundles, slices, ticks). A pass of the same shape
 * allocates nothing.
 */
public final class Context {
  private final Kernels kernels;
  private final boolean tracing;
  private final boolean training;
  private final Rng random;
  private final Deque<Object> trace = new ArrayDeque<>();
  private final List<float[]> pool = new ArrayList<>();
  private int next;
  private final List<Object> handles = new ArrayList<>();
  private int nextHandle;

  private Context(Kernels kernels, boolean tracing, boolean training, Rng random) {
    this.kernels = kernels;
    this.tracing = tracing;
    this.training = training;
    this.random = random;
  }

  /** For serving and scoring: no trace, no training behaviour. */
  public static Context stepping(Kernels kernels) {
    return new Context(kernels, false, false, null);
  }

  /** For training: traced, with the training flag (dropout) and its randomness. */
  public static Context training(Kernels kernels, Rng random) {
    return new Context(kernels, true, true, random);
  }

  /** For derivatives without training behaviour (tests, attribution). */
  public static Context tracing(Kernels kernels) {
    return new Context(kernels, true, false, null);
  }

  /** The arithmetic. */
  public Kernels kernels() {
    return kernels;
  }

  /** Whether backward will follow. */
  public boolean tracing() {
    return tracing;
  }

  /** Whether layers that behave differently in training should do so. */
  public boolean training() {
    return training;
  }

  /** The random generator; null unless {@link #training()}. */
  public Rng random() {
    return random;
  }

  /** Keeps something for backward. Does nothing unless {@link #tracing()}. */
  public void push(Object saved) {
    if (tracing) {
      trace.push(saved);
    }
  }

  /**
   * Takes back what the matching forward pushed last.
   *
   * @throws IllegalStateException if there is nothing: no traced forward came before
   */
  public <T> T pop(Class<T> type) {
    Object saved = trace.poll();
    if (saved == null) {
      throw new IllegalStateException(
          "backward needs a forward before it, in the same context, made by Context.training or"
              + " Context.tracing");
    }
    return type.cast(saved);
  }

  /** An array of exactly n zeros, valid until {@link #reset()}. */
  public float[] floats(int n) {
    float[] array = taken(n);
    Arrays.fill(array, 0f);
    return array;
  }

  /**
   * An array of exactly n floats of any value, valid until {@link #reset()}: for what is wholly
   * overwritten.
   */
  public float[] unfilled(int n) {
    float[] array = taken(n);
    assert poisoned(array);
    return array;
  }

  /** With assertions, what reads before it writes gets NaN. */
  private static boolean poisoned(float[] array) {
    Arrays.fill(array, Float.NaN);
    return true;
  }

  private float[] taken(int n) {
    if (next < pool.size() && pool.get(next).length == n) {
      return pool.get(next++);
    }
    float[] array = new float[n];
    if (next < pool.size()) {
      pool.set(next, array);
    } else {
      pool.add(array);
    }
    next++;
    return array;
  }

  /**
   * What a layer of one input gives: {@link Bundle#onlyMain} of values {@code [T][B][width]}, where
   * T, B, lengths, mask and starts are the input's. Where a pass repeats, the very bundle of the
   * pass before.
   */
  public Bundle output(Bundle input, int width, float[] data) {
    if (kept() instanceof Bundle bundle && bundle.isOnlyMain(input, width, data)) {
      return keep(bundle);
    }
    return keep(input.onlyMain(new FloatSeq(input.time(), input.batch(), width, data)));
  }

  /**
   * The handle that the pass before kept at this point; null if there is none. Who finds that it
   * says the same as the one needed now takes it instead, and keeps that again.
   */
  Object kept() {
    return nextHandle < handles.size() ? handles.get(nextHandle) : null;
  }

  /** Keeps an immutable handle for the next pass. */
  <T> T keep(T handle) {
    if (nextHandle < handles.size()) {
      handles.set(nextHandle, handle);
    } else {
      handles.add(handle);
    }
    nextHandle++;
    return handle;
  }

  /** Ends a pass: scratch arrays and handles are free again, the trace is empty. */
  public void reset() {
    next = 0;
    nextHandle = 0;
    trace.clear();
  }
}
