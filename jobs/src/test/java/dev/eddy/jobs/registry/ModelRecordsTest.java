package dev.eddy.jobs.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.kernel.Rng;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Records of the models topic: as they were written once, and damaged by accident or on purpose.
 */
class ModelRecordsTest {
  private static final List<String> TOKENS =
      List.of("{", "}", "[", "]", "\"", ":", ",", "null", "1e999", "-1", "true", "\\u0000", "9e18");

  private static final byte[] FILE = {1, 2, 3};
  private static final String HASH =
      "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81";

  private static final String MANIFEST_1 =
      "{\"format\":1,\"name\":\"load\",\"version\":3,\"sha256\":\""
          + HASH
          + "\",\"size\":3,\"about\":{\"mase\":\"0.8\"},\"file\":\"AQID\"}";
  private static final String POINTER_1 = "{\"format\":1,\"version\":3,\"swapEpoch\":7}";
  private static final String CHUNKS_2 =
      "{\"format\":2,\"name\":\"load\",\"version\":3,\"sha256\":\""
          + HASH
          + "\",\"size\":3,\"about\":{},\"chunks\":[\""
          + HASH
          + "\"]}";
  private static final String URI_2 =
      "{\"format\":2,\"name\":\"load\",\"version\":3,\"sha256\":\""
          + HASH
          + "\",\"size\":3,\"about\":{},\"uri\":\"s3://bucket/load/x.eddy\"}";
  private static final String POINTER_2 =
      "{\"format\":2,\"version\":3,\"swapEpoch\":7,\"sha256\":\"" + HASH + "\",\"previous\":[2,1]}";
  private static final String RETIRED_2 =
      "{\"format\":2,\"name\":\"load\",\"version\":3,\"retired\":true}";

  private static ModelRecord manifest(String value) throws BadModelException {
    return ModelRecords.decode(ModelRecords.manifestKey("load", 3), value.getBytes(UTF_8), 0, 42);
  }

  private static ModelRecord pointer(String value) throws BadModelException {
    return ModelRecords.decode(ModelRecords.pointerKey("load"), value.getBytes(UTF_8), 0, 42);
  }

  private static Manifest at(Location location) {
    return new Manifest("load", 3, HASH, 3, location, Map.of());
  }

  @Test
  void readsWhatFormat1Wrote() throws Exception {
    ModelRecord published = new ModelRecord.Published(new ModelRef("load", 3, 0, HASH, 3, 0, 42));
    assertThat(manifest(MANIFEST_1)).isEqualTo(published);
    assertThat(ModelRecords.decodeFile(MANIFEST_1.getBytes(UTF_8))).isEqualTo(FILE);
    assertThat(pointer(POINTER_1)).isEqualTo(new ModelRecord.Pointed("load", 3, 7, "", List.of()));
    assertThat(ModelRecords.decode(ModelRecords.manifestKey("load", 3), null, 0, 42))
        .isEqualTo(new ModelRecord.Retired("load", 3));
  }

  @Test
  void writesFormat1WhereItSufficesAndFormat2Elsewhere() throws Exception {
    Manifest inline =
        new Manifest("load", 3, HASH, 3, new Location.Inline(), Map.of("mase", "0.8"));
    Location chunks = new Location.Chunks(List.of(HASH));
    Location uri = new Location.File("s3://bucket/load/x.eddy");
    assertThat(new String(ModelRecords.manifest(inline, FILE), UTF_8)).isEqualTo(MANIFEST_1);
    assertThat(new String(ModelRecords.manifest(at(chunks), FILE), UTF_8)).isEqualTo(CHUNKS_2);
    assertThat(new String(ModelRecords.manifest(at(uri), FILE), UTF_8)).isEqualTo(URI_2);
    ModelRecord.Pointed pointed = new ModelRecord.Pointed("load", 3, 7, HASH, List.of(2, 1));
    assertThat(new String(ModelRecords.pointer(pointed), UTF_8)).isEqualTo(POINTER_2);
    assertThat(pointer(POINTER_2)).isEqualTo(pointed);
    assertThat(new String(ModelRecords.retired("load", 3), UTF_8)).isEqualTo(RETIRED_2);
    assertThat(manifest(RETIRED_2)).isEqualTo(new ModelRecord.Retired("load", 3));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"format\":3}|format 3, this build of Eddy reads 1 and 2",
        "{\"format\":1,\"retired\":true}|unknown field 'retired'",
        "{\"format\":2,\"colour\":1}|unknown field 'colour'",
        "{\"format\":2,\"file\":\"AQID\",\"uri\":\"x\"}|says twice",
        "{\"format\":2,\"chunks\":[]}|empty",
        "{\"format\":2,\"chunks\":[\"ab\"]}|sha256 is ab",
        "{\"format\":2,\"name\":\"load\",\"version\":3}|sha256 is null",
        "{\"format\":2,\"name\":\"other\",\"version\":3}|key says pipeline load",
      })
  void saysWhatDoesNotFit(String value, String reason) {
    assertThatThrownBy(() -> manifest(value))
        .isInstanceOf(BadModelException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void boundsEverySize() {
    assertThatThrownBy(() -> manifest(MANIFEST_1.replace("\"size\":3", "\"size\":700001")))
        .hasMessageContaining("expected 1 to 700000");
    assertThatThrownBy(() -> manifest(CHUNKS_2.replace("\"size\":3", "\"size\":67108865")))
        .hasMessageContaining("expected 1 to 67108864");
    assertThatThrownBy(() -> manifest(URI_2.replace("\"size\":3", "\"size\":1073741825")))
        .hasMessageContaining("expected 1 to 1073741824");
    assertThatThrownBy(() -> manifest(URI_2.replace("bucket", "b".repeat(3_000))))
        .hasMessageContaining("more than 2048 characters");
    assertThatThrownBy(() -> pointer(POINTER_2.replace("[2,1]", "[" + "1,".repeat(16) + "1]")))
        .hasMessageContaining("too many");
  }

  @Test
  void refusesToWriteWhatNobodyCouldRead() {
    Map<String, String> many = new LinkedHashMap<>();
    for (int i = 0; i <= 100; i++) {
      many.put("key" + i, "value");
    }
    for (Map<String, String> about : List.of(many, Map.of("notes", "x".repeat(1_000_000)))) {
      Manifest manifest = new Manifest("load", 3, HASH, 3, new Location.Inline(), about);
      assertThatThrownBy(() -> ModelRecords.manifest(manifest, FILE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("version 3 of load");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "a b", "live/a", "ä", "a\n"})
  void namesThatAKeyCannotHold(String name) {
    assertThatThrownBy(() -> ModelRecords.manifestKey(name, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ModelRecords.pointerKey(name))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aDamagedRecordIsRefusedAndNothingElseIsThrown() {
    long seed = Long.getLong("seed", 20_260_103);
    Rng rng = new Rng(seed);
    List<String> whole =
        List.of(POINTER_1, MANIFEST_1, POINTER_2, CHUNKS_2, POINTER_2, URI_2, POINTER_1, RETIRED_2);
    int refused = 0;
    for (int i = 0; i < 40_000; i++) {
      boolean live = i % 2 == 0;
      String value = whole.get(i % whole.size());
      for (int edits = below(rng, 3); edits >= 0; edits--) {
        value = edit(value, rng);
      }
      try {
        if (live) {
          pointer(value);
        } else {
          manifest(value);
          ModelRecords.decodeFile(value.getBytes(UTF_8));
        }
      } catch (BadModelException e) {
        refused++;
      } catch (RuntimeException e) {
        throw new AssertionError("seed %d, value %s".formatted(seed, value), e);
      }
    }
    assertThat(refused).isGreaterThan(20_000);
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
