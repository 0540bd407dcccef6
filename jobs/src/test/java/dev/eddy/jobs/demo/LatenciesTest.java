package dev.eddy.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import org.junit.jupiter.api.Test;

class LatenciesTest {
  @Test
  void percentilesLieWithinABucketOfTheTruth() {
    Latencies latencies = new Latencies();
    assertThat(latencies.millis(0.5)).isNaN();
    for (int i = 1; i <= 1000; i++) {
      latencies.add(i * 1_000_000L);
    }
    assertThat(latencies.millis(0.5)).isCloseTo(500, withPercentage(6));
    assertThat(latencies.millis(0.99)).isCloseTo(990, withPercentage(6));
  }

  @Test
  void extremesAreKept() {
    Latencies latencies = new Latencies();
    latencies.add(0);
    latencies.add(Long.MAX_VALUE);
    assertThat(latencies.millis(0.01)).isLessThanOrEqualTo(0.011);
    assertThat(latencies.millis(1)).isGreaterThan(60_000);
  }
}
