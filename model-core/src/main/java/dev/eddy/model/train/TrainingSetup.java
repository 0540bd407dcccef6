package dev.eddy.model.train;

import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.layer.Param;
import dev.eddy.model.loss.StepLoss;
import dev.eddy.model.net.Network;
import java.util.stream.IntStream;

/**
 * What all shards of a run share. Holds nothing that changes, so threads share it too.
 *
 * @param network what is trained
 * @param loss what is made small
 * @param spec how
 * @param kernels the arithmetic
 */
public record TrainingSetup(Network network, StepLoss loss, TrainingSpec spec, Kernels kernels) {

  /** Checks that the network's output is what the loss takes. */
  public TrainingSetup {
    if (network.outputWidth() != loss.outputWidth()) {
      throw new IllegalArgumentException(
          "the network gives %d floats a step, the loss takes %d"
              .formatted(network.outputWidth(), loss.outputWidth()));
    }
    checkChunk(network, spec);
  }

  /** Whatever holds a layer's values for all steps of a chunk is one array. */
  private static void checkChunk(Network network, TrainingSpec spec) {
    long rows = (long) Math.max(spec.batch(), Scorer.MAX_ROWS) * spec.chunk();
    int widest =
        IntStream.concat(
                network.params().stream().mapToInt(Param::columns),
                IntStream.of(network.outputWidth(), network.stateSize()))
            .max()
            .orElseThrow();
    long limit = Integer.MAX_VALUE / 2; // a layer may keep more than the columns of its weights
    if (rows > limit / widest) {
      throw new IllegalArgumentException(
          "training.batch (%,d; scoring takes %,d) times training.chunk (%,d) times the %,d columns of the widest layer must be at most %,d: make batch or chunk smaller"
              .formatted(spec.batch(), Scorer.MAX_ROWS, spec.chunk(), widest, limit));
    }
  }

  /** Checks that a series has the inputs of the network and the targets of the loss. */
  void check(TrainingSeries series) {
    if (!series.input().equals(network.input()) || series.targetWidth() != loss.targetWidth()) {
      throw new IllegalArgumentException(
          "series '%s' has inputs %s and %d targets a step, the network takes %s and the loss %d"
              .formatted(
                  series.name(),
                  series.input().widths(),
                  series.targetWidth(),
                  network.input().widths(),
                  loss.targetWidth()));
    }
  }
}
