package dev.eddy.benchmarks.learn;

import dev.eddy.model.kernel.KernelSelection;
import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.loss.Loss;
import dev.eddy.model.net.Network;
import dev.eddy.model.train.BatchMetrics;
import dev.eddy.model.train.Batches;
import dev.eddy.model.train.Evaluator;
import dev.eddy.model.train.Fit;
import dev.eddy.model.train.FitListener;
import dev.eddy.model.train.FitSpec;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One fit and the score of what it chose.
 *
 * @param network what is trained
 * @param start its first weights. Not modified
 * @param loss what is made small
 * @param spec how
 * @param train what is learned from
 * @param validation what chooses the weights
 * @param test what is scored, once
 * @param metrics what is measured beside the loss
 * @param chosen whether the weights that validated best are scored, or else the last
 */
record Trial(
    Network network,
    float[] start,
    Loss loss,
    FitSpec spec,
    Batches train,
    Batches validation,
    Batches test,
    BatchMetrics metrics,
    boolean chosen) {
  /** The loss among an outcome's measures. */
  static final String LOSS = "loss";

  Experiment.Outcome run(int threads, FitListener listener) throws IOException {
    Kernels kernels = KernelSelection.kernels();
    Fit.Result result =
        Fit.of(network, loss, spec, train, chosen ? validation : null, kernels)
            .withMetrics(metrics)
            .withThreads(threads)
            .run(start, listener);
    try (Evaluator evaluator = new Evaluator(network, loss, metrics, kernels, threads)) {
      return new Experiment.Outcome(
          measures(evaluator.evaluate(result.weights(), test)),
          measures(evaluator.evaluate(result.weights(), validation)),
          result.steps(),
          network.weightCount(),
          result.history());
    }
  }

  private static Map<String, Double> measures(Evaluator.Result result) {
    Map<String, Double> measures = new LinkedHashMap<>();
    measures.put(LOSS, result.loss().mean());
    measures.putAll(result.metrics());
    return measures;
  }
}
