package dev.eddy.model.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.kernel.PortableKernels;
import dev.eddy.model.kernel.Rng;
import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.Dropout;
import dev.eddy.model.layer.Gru;
import dev.eddy.model.layer.LayerKinds;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.loss.Loss;
import dev.eddy.model.loss.LossKinds;
import dev.eddy.model.loss.LossSum;
import dev.eddy.model.loss.SquaredError;
import dev.eddy.model.net.Network;
import dev.eddy.model.optim.Adam;
import dev.eddy.model.optim.Update;
import dev.eddy.model.optim.UpdateSpec;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.train.RowBlock;
import dev.eddy.model.train.TrainingStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What every layer and loss computes, as hashes: outputs, states and gradients in training, of each
 * {@link LayerCase} and {@link LossCase}, and the weights after a few steps of training. The hashes
 * are kept in a file, so that any JVM and any provider of kernels can be held against them, and a
 * change of bits does not go unseen.
 *
 * <p>Where bits are meant to change, write the file anew (and say so in the change log):
 *
 * <pre>
 * mvn -q test-compile -pl model-core
 * java -cp ... dev.eddy.model.testing.Bits model-core/src/test/resources/golden/bits.txt
 * </pre>
 */
public final class Bits {
  private static final int T = 6;
  private static final int B = 3;

  private Bits() {}

  /** Writes the file. */
  public static void main(String[] args) throws IOException {
    Files.write(Path.of(args[0]), lines(new PortableKernels()));
  }

  /** One line for a case: hash and name. */
  public static List<String> lines(Kernels kernels) {
    List<String> lines = new ArrayList<>();
    LayerCases.all().forEach(layer -> lines.add(line(hash(layer, kernels), name(layer))));
    LossCases.all().forEach(loss -> lines.add(line(hash(loss, kernels), name(loss))));
    lines.add(line(training(kernels), "training"));
    return lines;
  }

  private static String line(int hash, String name) {
    return "%08x %s".formatted(hash, name);
  }

  private static String name(LossCase loss) {
    try {
      return LossKinds.register(new ObjectMapper())
          .writerFor(Loss.class)
          .writeValueAsString(loss.loss());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int hash(LossCase loss, Kernels kernels) {
    FloatSeq output = random(T, B, loss.loss().outputWidth(), 5);
    FloatSeq dOutput = FloatSeq.zeros(T, B, loss.loss().outputWidth());
    LossSum sum =
        loss.loss()
            .apply(
                Bundle.of(output),
                loss.targets().of(T, B, new Rng(6)),
                dOutput,
                Context.stepping(kernels));
    return 31 * Double.hashCode(sum.sum()) + Arrays.hashCode(dOutput.data());
  }

  /** A few steps of training, dropout included, on three blocks and two threads. */
  private static int training(Kernels kernels) {
    Network network =
        Network.build(
            Sequential.of(new Lstm(9), Dropout.of(0.3f), Gru.of(7), Dense.linear(2)), Shape.of(3));
    float[] weights = network.initialWeights(1);
    float[] moments = new Adam().newMoments(weights.length);
    Update update = new Update(UpdateSpec.of(new Adam(), 0.01), network.params());
    try (TrainingStep step =
        new TrainingStep(network, new SquaredError(2), update, kernels, 2, 1)) {
      for (int i = 0; i < 5; i++) {
        List<RowBlock> blocks = new ArrayList<>();
        for (int block = 0; block < 3; block++) {
          blocks.add(
              new RowBlock(
                  Bundle.of(random(T, B, 3, 10 + block)),
                  Bundle.of(random(T, B, 2, 20 + block)),
                  new float[B * network.stateSize()]));
        }
        LossSum unused = step.add(weights, blocks, i);
        double unusedNorm = step.update(weights, moments, new double[0], i);
      }
    }
    return 31 * Arrays.hashCode(weights) + Arrays.hashCode(moments);
  }

  private static FloatSeq random(int time, int batch, int width, long seed) {
    FloatSeq seq = FloatSeq.zeros(time, batch, width);
    Rng rng = new Rng(seed);
    for (int i = 0; i < seq.data().length; i++) {
      seq.data()[i] = (float) rng.nextGaussian();
    }
    return seq;
  }

  private static String name(LayerCase layer) {
    try {
      return LayerKinds.mapper().writerFor(LayerSpec.class).writeValueAsString(layer.spec())
          + " on "
          + layer.input().widths();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int hash(LayerCase layer, Kernels kernels) {
    Network network = Network.build(layer.spec(), layer.input());
    float[] weights = network.initialWeights(1);
    Bundle input =
        layer.randomInput(T, B, new Rng(2)).withStarts(new boolean[] {true, false, false});
    float[] states = new float[B * network.stateSize()];
    Rng rng = new Rng(3);
    for (int i = 0; i < states.length; i++) {
      states[i] = (float) rng.nextGaussian();
    }
    Context context = Context.training(kernels, new Rng(4));
    FloatSeq output = network.forward(weights, input, states, context);
    int floats = output.time() * output.batch() * output.width();
    float[] grads = new float[weights.length];
    network.backward(weights, output, context, grads);
    return Arrays.hashCode(
        new int[] {
          Arrays.hashCode(Arrays.copyOf(output.data(), floats)),
          Arrays.hashCode(states),
          Arrays.hashCode(grads)
        });
  }
}
