package dev.eddy.model.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.eddy.model.kernel.Rng;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Sum;
import dev.eddy.model.net.Network;
import dev.eddy.model.task.forecast.Fixtures;
import dev.eddy.model.task.forecast.ForecastNetwork;
import dev.eddy.model.task.forecast.ForecastSpec;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Damage of any kind gives the one exception, or, where the checksum is made to fit, a model; never
 * another exception, and never much memory.
 */
class ModelFileFuzzTest {
  private static final int MUTATIONS = 100_000;

  /** A file of some kilobytes may not cost more than this to refuse. */
  private static final long MEMORY = 64L << 20;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static byte[] file(ForecastSpec.Skip skip, LayerSpec... layers) {
    ForecastSpec task = Fixtures.task(skip, 40, List.of(layers));
    Network network = ForecastNetwork.build(task);
    Map<String, String> provenance = Map.of("seed", "1", "data", "a \"b\" ü");
    return ModelFile.write(new Model("load", task, network, network.initialWeights(1), provenance));
  }

  @Test
  void survivesAHundredThousandMutations() {
    List<byte[]> files =
        List.of(
            file(ForecastSpec.Skip.LINEAR, new Lstm(5)),
            file(ForecastSpec.Skip.NONE, new Lstm(3), Dense.linear(2)),
            file(
                ForecastSpec.Skip.LINEAR,
                Sum.of(Sequential.of(new Lstm(2), Dense.linear(4)), Dense.linear(4))));
    Rng random = new Rng(7);
    Map<ModelFileException.Kind, Integer> refused = new EnumMap<>(ModelFileException.Kind.class);
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] file = files.get(i % files.size());
      byte[] mutated = mutated(file, random);
      boolean sealed = random.nextInt(2) == 0;
      byte[] input = sealed ? ModelFileTest.sealed(mutated) : mutated;
      long before = THREADS.getCurrentThreadAllocatedBytes();
      try {
        ModelFile.read(input);
        assertThat(sealed || Arrays.equals(input, file)).as("mutation %d went unseen", i).isTrue();
      } catch (ModelFileException e) {
        refused.merge(e.kind(), 1, Integer::sum);
      }
      long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
      assertThat(taken).as("bytes allocated for mutation %d", i).isLessThan(MEMORY);
    }
    assertThat(refused).containsOnlyKeys(ModelFileException.Kind.values());
    assertThat(refused.values().stream().mapToInt(n -> n).sum()).isGreaterThan(MUTATIONS * 3 / 4);
  }

  private static byte[] mutated(byte[] bytes, Rng random) {
    int header = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    byte[] copy = bytes.clone();
    int at = random.nextInt(Long.BYTES + header);
    switch (random.nextInt(6)) {
      case 0 -> {
        return Arrays.copyOf(copy, random.nextInt(copy.length));
      }
      case 1 -> copy[at] ^= (byte) (1 << random.nextInt(8));
      case 2 -> changeDigits(copy, at, 1, random);
      case 3 -> changeDigits(copy, at, 1 + random.nextInt(9), random);
      case 4 -> copy[random.nextInt(copy.length)] = (byte) random.nextInt(256);
      default -> {
        int length = 1 + random.nextInt(20);
        for (int i = at; i < Math.min(copy.length, at + length); i++) {
          copy[i] = (byte) (copy[i] + 1 + random.nextInt(255));
        }
      }
    }
    return copy;
  }

  /** The next digits become others: numbers stay numbers. copy: Modified. */
  private static void changeDigits(byte[] copy, int from, int digits, Rng random) {
    int left = digits;
    for (int at = from; at < copy.length && left > 0; at++) {
      if (copy[at] >= '0' && copy[at] <= '9') {
        copy[at] = (byte) ('0' + random.nextInt(10));
        left--;
      }
    }
  }
}
