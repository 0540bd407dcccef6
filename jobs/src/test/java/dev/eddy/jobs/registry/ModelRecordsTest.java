package dev.eddy.jobs.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.kernel.Rng;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Records of the models topic that somebody damaged, by accident or on purpose. */
class ModelRecordsTest {
  private static final List<String> TOKENS =
      List.of("{", "}", "[", "]", "\"", ":", ",", "null", "1e999", "-1", "true", "\\u0000", "9e18");

  @Test
  void aDamagedRecordIsRefusedAndNothingElseIsThrown() {
    long seed = Long.getLong("seed", 20_260_103);
    Rng rng = new Rng(seed);
    byte[] file = {1, 2, 3};
    Manifest manifest =
        new Manifest("load", 3, ModelRecords.sha256(file), file.length, Map.of("mase", "0.8"));
    String whole = new String(ModelRecords.manifest(manifest, file), UTF_8);
    String pointer = new String(ModelRecords.pointer(3, 7), UTF_8);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      boolean live = i % 2 == 0;
      byte[] key = live ? ModelRecords.pointerKey("load") : ModelRecords.manifestKey("load", 3);
      String value = live ? pointer : whole;
      for (int edits = below(rng, 3); edits >= 0; edits--) {
        value = edit(value, rng);
      }
      try {
        ModelRecords.decode(key, value.getBytes(UTF_8), 0, i);
        ModelRecords.decodeFile(value.getBytes(UTF_8));
      } catch (BadModelException e) {
        refused++;
      } catch (RuntimeException e) {
        throw new AssertionError("seed %d, value %s".formatted(seed, value), e);
      }
    }
    assertThat(refused).isGreaterThan(10_000);
  }

  private static String edit(String value, Rng rng) {
    int from = below(rng, value.length() + 1);
    int to = Math.min(value.length(), from + below(rng, 12));
    String token = rng.nextLong() < 0 ? "" : TOKENS.get(below(rng, TOKENS.size()));
    return value.substring(0, from) + token + value.substring(to);
  }

  private static int below(Rng rng, int bound) {
    return (int) Math.floorMod(rng.nextLong(), (long) bound);
  }
}
