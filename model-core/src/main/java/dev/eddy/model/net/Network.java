package dev.eddy.model.net;

import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Param;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.List;

/**
 * A network built from its specification: layers, the table of its flat weights, and nothing that changes. Weights are
 * one {@code float[]}, the states of a batch another {@code float[B * stateSize]}; both belong to the caller.
 */
public final class Network {

  /** Builds a network. Throws IllegalArgumentException, naming the layer's path, where shapes do not fit. */
  public static Network build(LayerSpec spec, Shape input) {
    throw new UnsupportedOperationException("being built");
  }

  /** What it was built from. */
  public LayerSpec spec() {
    throw new UnsupportedOperationException("being built");
  }

  /** What it takes. */
  public Shape input() {
    throw new UnsupportedOperationException("being built");
  }

  /** Floats in a step of its output. */
  public int outputWidth() {
    throw new UnsupportedOperationException("being built");
  }

  /** Floats of weights. */
  public int weightCount() {
    throw new UnsupportedOperationException("being built");
  }

  /** Floats of state for one entity. */
  public int stateSize() {
    throw new UnsupportedOperationException("being built");
  }

  /** Every weight matrix by path, in memory order. */
  public List<Param> params() {
    throw new UnsupportedOperationException("being built");
  }

  /** A stable hash of specification and input shape: states of different architectures never mix. */
  public long architectureHash() {
    throw new UnsupportedOperationException("being built");
  }

  /** Fresh weights; the same seed gives the same bits. */
  public float[] initialWeights(long seed) {
    throw new UnsupportedOperationException("being built");
  }

  /** Writes the state of an entity that has seen nothing into row b of states {@code [B][stateSize]}. */
  public void initialState(float[] weights, float[] states, int b) {
    throw new UnsupportedOperationException("being built");
  }

  /** Runs T steps for B sequences; a serving step is T = 1. states: Modified. */
  public FloatSeq forward(float[] weights, Bundle input, float[] states, Context context) {
    throw new UnsupportedOperationException("being built");
  }

  /** Adds the derivative by the weights to grads, after a traced forward of the same context. grads: Modified. */
  public Bundle backward(float[] weights, FloatSeq dOutput, Context context, float[] grads) {
    throw new UnsupportedOperationException("being built");
  }
}
