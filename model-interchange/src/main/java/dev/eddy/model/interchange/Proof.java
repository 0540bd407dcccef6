package dev.eddy.model.interchange;

import dev.eddy.model.kernel.KernelSelection;
import dev.eddy.model.kernel.Rng;
import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.Param;
import dev.eddy.model.net.Network;
import dev.eddy.model.seq.FloatSeq;
import java.util.Arrays;

/**
 * That an imported network computes what the one it comes from computed: its outputs for a
 * reference input are compared value by value. A reference that could not tell proves nothing: each
 * weight matrix in turn is disturbed, and the output must show it.
 *
 * @param maxDifference the largest difference found, as a part of {@code max(1, |y|)}
 * @param values how many outputs were compared
 */
public record Proof(float maxDifference, int values) {
  /** How far an output may be off, as a part of {@code max(1, |y|)}. */
  public static final float TOLERANCE = 1e-5f;

  /** How much of a disturbance must be seen in the output: well above what is tolerated. */
  private static final float VISIBLE = 10 * TOLERANCE;

  private static final float DISTURBANCE = 0.5f;

  /**
   * Runs the reference.
   *
   * @throws InterchangeException if an output is off, or the reference leaves a weight matrix
   *     unproved
   */
  static Proof of(Network network, float[] weights, Reference reference) {
    float[] expected = reference.values();
    float[] got = run(network, weights, reference);
    if (got.length != expected.length) {
      throw new InterchangeException(
          "the reference's y holds %d values, the network gives %d for its input: T, B or the width differ"
              .formatted(expected.length, got.length));
    }
    float difference = difference(expected, got);
    // Not (difference > TOLERANCE): a NaN must fail.
    if (!(difference <= TOLERANCE)) {
      throw new InterchangeException(
          "the network does not reproduce the reference: an output is off by %.3g, allowed is %.0e; its layers, their order, activations or conventions are not those of the file"
              .formatted(difference, TOLERANCE));
    }
    int at = 0;
    for (int i = 0; i < network.params().size(); i++) {
      Param param = network.params().get(i);
      float[] disturbed = disturbed(weights, at, param, i);
      if (difference(got, run(network, disturbed, reference)) < VISIBLE) {
        throw new InterchangeException(
            "the reference does not prove '%s': other values there give the same output; take random inputs of at least 3 steps and 2 sequences"
                .formatted(param.name()));
      }
      at += param.size();
    }
    return new Proof(difference, expected.length);
  }

  private static float[] disturbed(float[] weights, int at, Param param, int stream) {
    float[] copy = weights.clone();
    Rng rng = Rng.of(1, stream, 0);
    for (int i = at; i < at + param.size(); i++) {
      copy[i] += DISTURBANCE * (2 * rng.nextFloat() - 1);
    }
    return copy;
  }

  private static float[] run(Network network, float[] weights, Reference reference) {
    int batch = reference.input().batch();
    float[] states = new float[batch * network.stateSize()];
    for (int b = 0; b < batch; b++) {
      network.initialState(weights, states, b);
    }
    Context context = Context.stepping(KernelSelection.kernels());
    FloatSeq y;
    try {
      y = network.forward(weights, reference.input(), states, context);
    } catch (IllegalArgumentException e) {
      throw new InterchangeException(
          "the reference's input does not fit the network: " + e.getMessage(), e);
    }
    return Arrays.copyOf(y.data(), y.time() * y.batch() * y.width());
  }

  /** NaN if any value is. */
  private static float difference(float[] expected, float[] got) {
    float max = 0;
    for (int i = 0; i < expected.length; i++) {
      float d = Math.abs(expected[i] - got[i]) / Math.max(1f, Math.abs(expected[i]));
      max = Math.max(max, d);
    }
    return max;
  }
}
