package dev.eddy.jobs.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What follows from the records that compaction left. */
class ModelsLogTest {
  private final ModelsLog log = new ModelsLog();
  private long offset;

  private void publish(int version, String sha256) throws BadModelException {
    ModelRef ref = new ModelRef("load", version, 0, sha256, 3, 0, offset++);
    Location inline = new Location.Inline();
    log.apply(
        new ModelRecord.Published(ref), new Manifest("load", version, sha256, 3, inline, Map.of()));
  }

  private void point(int version, long epoch, String sha256, Integer... previous)
      throws BadModelException {
    log.apply(new ModelRecord.Pointed("load", version, epoch, sha256, List.of(previous)), null);
  }

  private void retire(int version) throws BadModelException {
    log.apply(new ModelRecord.Retired("load", version), null);
  }

  @Test
  void theFirstManifestOfAVersionIsTheVersion() throws Exception {
    publish(1, "a");
    point(1, 1, "a");
    assertThatThrownBy(() -> publish(1, "b"))
        .isInstanceOf(BadModelException.class)
        .hasMessageContaining("version 1 of load has sha256 a and cannot be replaced");
    assertThat(log.live("load").orElseThrow().sha256()).isEqualTo("a");
  }

  @Test
  void ofTheSameBytesTheLaterRecordCounts() throws Exception {
    publish(1, "a");
    publish(1, "a");
    assertThat(log.of("load").get(1).ref().offset()).isEqualTo(1);
  }

  @Test
  void aManifestThatReplacedTheOnePointedToIsNotServed() throws Exception {
    point(1, 1, "a"); // the manifest before it went with compaction
    assertThatThrownBy(() -> publish(1, "b")).isInstanceOf(BadModelException.class);
    assertThat(log.live("load")).isEmpty();
    assertThat(log.of("load")).isEmpty();
    assertThat(log.nextEpoch("load")).isEqualTo(2);
    assertThat(log.highest("load")).isEqualTo(1);
  }

  @Test
  void aPointerThatMeansOtherBytesIsNotFollowed() throws Exception {
    publish(1, "a");
    publish(2, "b");
    point(1, 1, "a");
    assertThatThrownBy(() -> point(2, 2, "c", 1)).isInstanceOf(BadModelException.class);
    assertThat(log.live("load").orElseThrow().version()).isEqualTo(1);
  }

  @Test
  void aPointerOfFormat1IsFollowedByItsVersion() throws Exception {
    publish(1, "a");
    point(1, 1, "");
    assertThat(log.live("load").orElseThrow().sha256()).isEqualTo("a");
  }

  @Test
  void aRetiredNumberIsTakenForEver() throws Exception {
    retire(7);
    assertThat(log.highest("load")).isEqualTo(7);
    assertThatThrownBy(() -> publish(7, "a"))
        .isInstanceOf(BadModelException.class)
        .hasMessageContaining("retired");
    assertThat(log.of("load")).isEmpty();
    point(3, 1, "", 9, 2);
    assertThat(log.highest("load")).isEqualTo(9);
  }

  @Test
  void rollingBackGoesFurtherEachTimeAndPastWhatIsRetired() throws Exception {
    publish(1, "a");
    publish(2, "b");
    publish(3, "c");
    publish(4, "d");
    long epoch = 0;
    for (int version = 1; version <= 4; version++) {
      String hash = log.of("load").get(version).ref().sha256();
      log.apply(log.promotion("load", version, ++epoch, hash), null);
    }
    retire(3);
    assertThat(log.rollback("load"))
        .isEqualTo(new ModelRecord.Pointed("load", 2, 5, "b", List.of(1)));
    log.apply(log.rollback("load"), null);
    assertThat(log.rollback("load"))
        .isEqualTo(new ModelRecord.Pointed("load", 1, 6, "a", List.of()));
    log.apply(log.rollback("load"), null);
    assertThat(log.rollback("load")).isNull();
    // Forward again: where we are is what a rollback comes back to.
    assertThat(log.promotion("load", 4, 7, "d").previous()).containsExactly(1);
  }

  @Test
  void promotingWhatIsLiveForgetsNothingAndTheTrailIsBounded() throws Exception {
    for (int version = 1; version <= 20; version++) {
      publish(version, "h" + version);
      log.apply(log.promotion("load", version, version, "h" + version), null);
    }
    ModelRecord.Pointed again = log.promotion("load", 20, 21, "h20");
    assertThat(again.previous()).hasSize(16).startsWith(19, 18).doesNotContain(20);
    assertThat(log.promotion("load", 18, 21, "h18").previous()).startsWith(20, 19, 17);
  }
}
