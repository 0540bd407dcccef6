package dev.eddy.model.task.forecast;

import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.net.Network;

/**
 * A model at work: steps entities one reading at a time. The streaming operator and the offline pass both call this and
 * nothing else, which is why they agree to the bit. Not thread-safe (scratch memory); cheap to make.
 */
public final class Forecaster {

  /** A forecaster over weights: version and swap epoch mark the states and forecasts that they make. */
  public Forecaster(
      ForecastSpec spec, Network network, float[] weights, int modelVersion, long swapEpoch, Kernels kernels) {
    throw new UnsupportedOperationException("being built");
  }

  /** The state of an entity that has seen nothing. */
  public ForecastState newState() {
    throw new UnsupportedOperationException("being built");
  }

  /**
   * Whether the state was made by other weights than these, so that {@link #rewarm} or {@link #reset} must come first.
   */
  public boolean stale(ForecastState state) {
    throw new UnsupportedOperationException("being built");
  }

  /** Rebuilds the hidden state by running the ring's readings through these weights. state: Modified. */
  public void rewarm(ForecastState state, Slots<Reading> ring) {
    throw new UnsupportedOperationException("being built");
  }

  /** Starts the hidden state afresh under these weights; scale and history stay. state: Modified. */
  public void reset(ForecastState state) {
    throw new UnsupportedOperationException("being built");
  }

  /** Goes on with the hidden state as it is under these weights, if the architecture allows it. state: Modified. */
  public void keep(ForecastState state) {
    throw new UnsupportedOperationException("being built");
  }

  /**
   * Applies one reading to each of {@code count} different entities, as one batched step of the network.
   *
   * @param states Modified: hidden state, scale, step, lastTime, recent
   * @param rings each entity's ring; the reading is written to it, what it pushes out is folded into the base
   * @param readings what came; each not older than its state's lastTime
   * @param out out[i] becomes the forecast of entity i. Modified
   */
  public void step(int count, ForecastState[] states, Slots<Reading>[] rings, Reading[] readings, Forecast[] out) {
    throw new UnsupportedOperationException("being built");
  }

  /**
   * Scores the forecast whose horizon ends with the reading just applied, beside the baselines, and puts the newest
   * forecast into its slot.
   *
   * @param state after {@link #step}
   * @param pending the entity's last H forecasts, slot = grid step of the origin mod H
   * @param forecast the forecast that {@link #step} just gave
   * @return null while no forecast of this entity has just matured
   */
  public Score score(ForecastState state, Slots<Forecast> pending, Forecast forecast) {
    throw new UnsupportedOperationException("being built");
  }
}
