package dev.eddy.model.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SegmentsTest {
  private final List<Stretch> stretches =
      List.of(
          new ToySeries(100, 1).stretch(20, 61), // 4 segments of 10 and 1 step to spare
          new ToySeries(30, 2).stretch(0, 7)); // shorter than a segment

  @Test
  void everyEpochVisitsEverySegmentOnce() {
    Segments segments = new Segments(stretches, 10, 5, 0);
    assertThat(segments.count()).isEqualTo(5);
    for (int epoch = 0; epoch < 4; epoch++) {
      Set<Stretch> seen = new HashSet<>();
      for (int i = 0; i < 5; i++) {
        seen.add(segments.at(epoch * 5L + i));
      }
      assertThat(seen).hasSize(5).contains(stretches.get(1));
      assertThat(seen.stream().mapToInt(Stretch::length).sum()).isEqualTo(47);
      assertThat(seen)
          .allSatisfy(s -> assertThat(s.from()).isGreaterThanOrEqualTo(s.length() == 7 ? 0 : 20))
          .allSatisfy(s -> assertThat(s.to()).isLessThanOrEqualTo(61));
    }
  }

  @Test
  void everyStepIsVisitedSoonerOrLater() {
    Segments segments = new Segments(stretches, 10, 5, 0);
    Set<Integer> steps = new HashSet<>();
    for (int p = 0; p < 100; p++) {
      Stretch segment = segments.at(p);
      if (segment.series() == stretches.get(0).series()) {
        for (int t = segment.from(); t < segment.to(); t++) {
          steps.add(t);
        }
      }
    }
    assertThat(steps).hasSize(41);
  }

  @Test
  void aPositionFollowsFromSeedShardAndPositionAlone() {
    Segments straight = new Segments(stretches, 10, 5, 3);
    List<Stretch> order = new ArrayList<>();
    for (int p = 0; p < 50; p++) {
      order.add(straight.at(p));
    }
    Segments jumping = new Segments(stretches, 10, 5, 3);
    Segments otherSeed = new Segments(stretches, 10, 6, 3);
    Segments otherShard = new Segments(stretches, 10, 5, 4);
    List<Stretch> seed = new ArrayList<>();
    List<Stretch> shard = new ArrayList<>();
    for (int p = 49; p >= 0; p--) {
      assertThat(jumping.at(p)).isEqualTo(order.get(p));
      seed.add(0, otherSeed.at(p));
      shard.add(0, otherShard.at(p));
    }
    assertThat(seed).isNotEqualTo(order);
    assertThat(shard).isNotEqualTo(order);
  }
}
