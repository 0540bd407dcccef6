package dev.eddy.model.net;

import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.EncoderDecoder;
import dev.eddy.model.layer.Packs;
import dev.eddy.model.layer.Slice;
import dev.eddy.model.layer.StateSlice;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;

/**
 * Makes sequences with an encoder-decoder network: the sources are read once, then the decoder
 * makes one step after another, each with the states that the step before left. The bits are those
 * of a pass of the whole network over the same steps.
 *
 * <pre>
 * Start start = generator.encode(sources, context);
 * float[] scores = generator.step(start.memory(), states, tokens, context).data();
 * </pre>
 */
public final class Generator {
  private final EncoderDecoder.Built layer;
  private final Slice weights;
  private final int outputWidth;

  private Generator(EncoderDecoder.Built layer, Slice weights, int outputWidth) {
    this.layer = layer;
    this.weights = weights;
    this.outputWidth = outputWidth;
  }

  /**
   * What the decoder starts from; arrays of its own.
   *
   * @param memory what the encoder gave for each source
   * @param states the decoder's states, {@code [B][stateSize]}
   */
  public record Start(Bundle memory, float[] states) {
    /**
     * Some of its sources, in this order, each as often as it is named: K hypotheses of source b
     * are K times row b.
     */
    public Start rows(int... rows) {
      int size = states.length / Math.max(1, memory.batch());
      float[] picked = new float[rows.length * size];
      for (int r = 0; r < rows.length; r++) {
        System.arraycopy(states, rows[r] * size, picked, r * size, size);
      }
      return new Start(Generator.rows(memory, rows), picked);
    }
  }

  /**
   * A generator with weights that stay as they are: layers pack them once, not at every step.
   *
   * @param weights of the whole network; copied, so that changes to them do not show. Not modified
   * @param kernels those of the contexts that it will run with
   * @throws IllegalArgumentException if the network is no encoder-decoder, or the weights are
   *     another network's
   */
  public static Generator of(Network network, float[] weights, Kernels kernels) {
    if (!(network.spec() instanceof EncoderDecoder spec)) {
      throw new IllegalArgumentException(
          ("generation reads a source and then steps a decoder, got a network of kind '%s': make"
                  + " its outermost layer an encoder-decoder")
              .formatted(network.spec().kind()));
    }
    if (weights.length != network.weightCount()) {
      throw new IllegalArgumentException(
          "the network has %d weights, got an array of %d: it belongs to another network"
              .formatted(network.weightCount(), weights.length));
    }
    Slice own = new Slice(weights.clone(), 0, weights.length, new Packs(kernels));
    return new Generator(spec.build(network.input()), own, network.outputWidth());
  }

  /** Floats of the decoder's state for one sequence. */
  public int stateSize() {
    return layer.decoderStateSize();
  }

  /** Floats in a step of the output: one score for each token. */
  public int outputWidth() {
    return outputWidth;
  }

  /**
   * Reads sources.
   *
   * @param sources what is the network's side of that name. Not modified
   */
  public Start encode(Bundle sources, Context context) {
    float[] states = new float[sources.batch() * stateSize()];
    Bundle memory = layer.encode(weights, sources, slice(states), context);
    int[] all = new int[sources.batch()];
    for (int b = 0; b < all.length; b++) {
      all[b] = b;
    }
    return new Start(rows(memory, all), states);
  }

  /**
   * Makes a step, or several known ones at once.
   *
   * @param memory as {@link Start} holds it, a row for each sequence. Not modified
   * @param states {@code [B][stateSize]} before; after the call those after. Modified
   * @param tokens what the decoder is given: its main part. Not modified
   * @return the output {@code [T][B][outputWidth]}; lives until {@link Context#reset()}
   */
  public FloatSeq step(Bundle memory, float[] states, Bundle tokens, Context context) {
    if (tokens.batch() != memory.batch() || states.length < tokens.batch() * stateSize()) {
      throw new IllegalArgumentException(
          "a step of %d sequences needs as many rows of memory and %d floats of state, got %d and %d"
              .formatted(
                  tokens.batch(), tokens.batch() * stateSize(), memory.batch(), states.length));
    }
    return layer.decode(weights, tokens, memory, slice(states), context).main();
  }

  private StateSlice slice(float[] states) {
    return new StateSlice(states, stateSize(), 0, stateSize());
  }

  /** Rows of the main part with their lengths and mask, in new arrays. */
  private static Bundle rows(Bundle bundle, int[] rows) {
    FloatSeq from = bundle.main();
    FloatSeq to = FloatSeq.zeros(from.time(), rows.length, from.width());
    boolean[] real = new boolean[from.time() * rows.length];
    for (int t = 0; t < from.time(); t++) {
      for (int r = 0; r < rows.length; r++) {
        System.arraycopy(from.data(), from.at(t, rows[r]), to.data(), to.at(t, r), from.width());
        real[t * rows.length + r] = bundle.real(t, rows[r]);
      }
    }
    return bundle.allReal() ? Bundle.of(to) : Bundle.of(to).withMask(real);
  }
}
