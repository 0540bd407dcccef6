package dev.eddy.jobs.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.jobs.config.PipelineConfig.Swap;
import dev.eddy.jobs.io.LateEvent;
import dev.eddy.jobs.io.LiveScore;
import dev.eddy.jobs.io.Parsed;
import dev.eddy.jobs.io.Prediction;
import dev.eddy.model.kernel.Rng;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The promise itself, on random streams: whatever the batch, the timers, the barriers, failures and
 * swaps, what was committed equals an offline pass over the same events and the recorded swaps, bit
 * for bit. The seed is the test's parameter; adding one is adding a number.
 */
class StepOperatorReplayTest {
  private static final List<Swap> SWAPS = List.of(Swap.REWARM, Swap.KEEP, Swap.RESET);
  private static final int EVENTS = 600;
  private static final String[] ENTITIES = {"a", "b", "c", "d", "e"};

  private final List<Prediction> predictions = new ArrayList<>();
  private final List<LateEvent> late = new ArrayList<>();
  private final List<LiveScore> scores = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void committedOutputEqualsAnOfflinePass(long seed) throws Exception {
    Rng random = new Rng(seed);
    StepSettings settings =
        TestModels.settings(
            SWAPS.get(random.nextInt(SWAPS.size())),
            1 + random.nextInt(7),
            random.nextInt(3),
            0,
            5 * random.nextInt(2));
    List<Parsed.Event> events = events(random);
    run(random, settings, events);

    Map<Long, Prediction> byOffset = new HashMap<>();
    predictions.forEach(p -> assertThat(byOffset.put(p.input().offset(), p)).isNull());
    OfflinePass offline = new OfflinePass(settings, TestModels::model);
    for (Parsed.Event event : events) {
      Prediction recorded = byOffset.get(event.position().offset());
      // A late event touches no weights, so any that exist will do.
      offline.apply(
          event,
          recorded == null ? 1 : recorded.forecast().modelVersion(),
          recorded == null ? 1 : recorded.forecast().swapEpoch());
    }
    assertThat(predictions).isNotEmpty();
    assertThat(late).isNotEmpty();
    assertThat(scores).isNotEmpty();
    assertThat(predictions.stream().map(Bits::of))
        .containsExactlyInAnyOrderElementsOf(offline.predictions.stream().map(Bits::of).toList());
    assertThat(scores.stream().map(Bits::of))
        .containsExactlyInAnyOrderElementsOf(offline.scores.stream().map(Bits::of).toList());
    assertThat(late).containsExactlyInAnyOrderElementsOf(offline.late);
    assertThat(predictions.stream().map(p -> p.forecast().modelVersion()).distinct().count())
        .isGreaterThan(2);
  }

  /**
   * Sends the events with checkpoints, failures, watermarks, timers and swaps in between; keeps
   * what is committed.
   */
  private void run(Rng random, StepSettings settings, List<Parsed.Event> events) throws Exception {
    OperatorSubtaskState state = null;
    int position = 0; // of the source, as of the last checkpoint
    int epoch = 1; // of the models source, likewise: swaps after it are read again after a failure,
    // elsewhere
    int version = 1;
    while (position < events.size()) {
      try (StepHarness step = StepHarness.restore(settings, state)) {
        int[] committed = new int[3];
        int next = position;
        while (next < events.size()) {
          step.send(events.get(next++));
          int what = random.nextInt(100);
          if (what < 3) {
            version = 1 + random.nextInt(9);
            step.send(TestModels.published(version), TestModels.pointed(version, ++epoch));
          } else if (what < 10) {
            step.flink.setProcessingTime(step.flink.getProcessingTime() + 1);
          } else if (what < 15) {
            step.flink.processWatermark1(new Watermark(events.get(next - 1).time()));
          } else if (what < 18) {
            state = step.checkpoint(next);
            commit(step, committed);
            position = next;
          } else if (what < 19) {
            break; // a failure: what came after the last checkpoint was never committed
          }
        }
        if (next == events.size()) {
          step.flink.endInput1();
          commit(step, committed);
          position = next;
        }
      }
    }
  }

  /**
   * Takes over what came out since the last call. from: how much of each was taken before. Modified
   */
  private void commit(StepHarness step, int[] from) {
    from[0] = take(step.predictions(), from[0], predictions);
    from[1] = take(step.late(), from[1], late);
    from[2] = take(step.scores(), from[2], scores);
  }

  private static <T> int take(List<T> all, int from, List<T> into) {
    into.addAll(all.subList(from, all.size()));
    return all.size();
  }

  private static List<Parsed.Event> events(Rng random) {
    List<Parsed.Event> events = new ArrayList<>();
    long clock = 100_000;
    for (int i = 0; i < EVENTS; i++) {
      clock += random.nextInt(400) + (random.nextInt(60) == 0 ? 20_000 : 0);
      long time = clock - (random.nextInt(8) == 0 ? random.nextInt(5000) : 0);
      double value = random.nextInt(15) == 0 ? Double.NaN : 100 + 10 * random.nextDouble();
      events.add(StepHarness.event(ENTITIES[random.nextInt(ENTITIES.length)], time, value, i));
    }
    return events;
  }
}
