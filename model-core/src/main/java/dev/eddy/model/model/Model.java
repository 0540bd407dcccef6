package dev.eddy.model.model;

import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.net.Network;
import dev.eddy.model.task.forecast.ForecastSpec;
import dev.eddy.model.task.forecast.Forecaster;
import java.util.Map;

/**
 * A trained network with all that is needed to serve it. Immutable by agreement: nobody writes into
 * {@code weights}.
 *
 * @param name the pipeline's name
 * @param task what it does
 * @param network rebuilt from the task's specification
 * @param weights flat weights, {@code [network.weightCount()]}
 * @param provenance where it comes from: data range and hash, seed, code version, metrics, parent;
 *     strings for people and gates
 */
public record Model(
    String name,
    ForecastSpec task,
    Network network,
    float[] weights,
    Map<String, String> provenance) {

  /**
   * This model at work, marking what it makes with the version and epoch under which it was
   * published.
   */
  public Forecaster forecaster(int version, long swapEpoch, Kernels kernels) {
    return new Forecaster(task, network, weights, version, swapEpoch, kernels);
  }
}
