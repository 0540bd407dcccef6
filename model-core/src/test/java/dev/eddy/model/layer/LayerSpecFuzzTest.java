package dev.eddy.model.layer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.ThreadMXBean;
import dev.eddy.model.kernel.Rng;
import dev.eddy.model.net.Network;
import dev.eddy.model.testing.LayerCase;
import dev.eddy.model.testing.LayerCases;
import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * A specification comes from files and messages that nobody trusts: whatever stands in it, the
 * layer is built or refused, without another exception and without taking memory that only a
 * network's weights may take.
 */
class LayerSpecFuzzTest {
  private static final int MUTATIONS = 1_500;
  private static final long MEMORY = 64L << 20;
  private static final String[] NUMBERS = {
    "0", "-1", "1", "2", "7", "65536", "2147483647", "-2147483648", "1e30", "1e400", "null", "\"x\""
  };

  @TestFactory
  Stream<DynamicTest> aMutatedSpecificationIsBuiltOrRefused() {
    return LayerCases.all().stream()
        .map(layer -> DynamicTest.dynamicTest(layer.toString(), () -> fuzz(layer)));
  }

  private static void fuzz(LayerCase layer) throws JsonProcessingException {
    ObjectMapper mapper = LayerKinds.mapper();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    String text = mapper.writerFor(LayerSpec.class).writeValueAsString(layer.spec());
    Rng random = new Rng(11);
    for (int i = 0; i < MUTATIONS; i++) {
      String mutated = i % 3 == 0 ? otherCharacter(text, random) : otherNumber(text, random);
      long before = threads.getCurrentThreadAllocatedBytes();
      try {
        Network.build(mapper.readValue(mutated, LayerSpec.class), layer.input());
      } catch (JsonProcessingException | IllegalArgumentException refused) {
        assertThat(refused.getMessage()).as(mutated).isNotBlank();
      } catch (RuntimeException e) {
        throw new AssertionError("not refused, but broken: " + mutated, e);
      }
      long taken = threads.getCurrentThreadAllocatedBytes() - before;
      assertThat(taken).as("bytes allocated for %s", mutated).isLessThan(MEMORY);
    }
  }

  private static String otherCharacter(String text, Rng random) {
    int at = random.nextInt(text.length());
    return text.substring(0, at) + (char) (32 + random.nextInt(95)) + text.substring(at + 1);
  }

  /** One of the numbers in the text becomes another. */
  private static String otherNumber(String text, Rng random) {
    java.util.regex.Matcher numbers =
        java.util.regex.Pattern.compile("-?[0-9][0-9.eE+-]*|true|false").matcher(text);
    long count = numbers.results().count();
    if (count == 0) {
      return otherCharacter(text, random);
    }
    int chosen = random.nextInt((int) count);
    numbers.reset();
    for (int i = 0; i <= chosen; i++) {
      numbers.find();
    }
    String number = NUMBERS[random.nextInt(NUMBERS.length)];
    return text.substring(0, numbers.start()) + number + text.substring(numbers.end());
  }
}
