package dev.eddy.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StallTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void countsWhileSomethingIsDueAndNothingComes() {
    Stall stall = new Stall();
    assertThat(stall.seconds(0, 5, 10 * SECOND)).isZero();
    assertThat(stall.seconds(0, 7, 40 * SECOND)).isEqualTo(30);
    assertThat(stall.seconds(1, 6, 50 * SECOND)).as("an output came").isZero();
    assertThat(stall.seconds(1, 1, 70 * SECOND)).isEqualTo(20);
    assertThat(stall.seconds(1, 0, 80 * SECOND)).as("nothing is due").isZero();
    assertThat(stall.seconds(1, 3, 90 * SECOND)).isEqualTo(10);
  }
}
