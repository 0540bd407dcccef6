package dev.eddy.jobs.serve;

import dev.eddy.model.task.forecast.ForecastSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeutils.base.StringSerializer;

/**
 * What the entities' states were laid out for, kept beside them as {@code state-layout}. Slots of
 * the ring, of the raw values and of the pending forecasts are numbers modulo a length, or steps of
 * a grid: under other lengths, or another grid, the same numbers mean other readings, and nothing
 * in the bytes would show it.
 */
final class StateLayout {
  private static final MapStateDescriptor<String, String> LAYOUT =
      new MapStateDescriptor<>(
          "state-layout", StringSerializer.INSTANCE, StringSerializer.INSTANCE);

  private StateLayout() {}

  /**
   * Accepts restored state or says, all at once, what it was made for; notes the layout where there
   * is no state yet.
   *
   * @throws StateMismatchException naming each setting with what the state has and what the
   *     pipeline has
   */
  static void check(String pipeline, ForecastSpec task, OperatorStateStore store) throws Exception {
    BroadcastState<String, String> written = store.getBroadcastState(LAYOUT);
    List<String> wrong = new ArrayList<>();
    for (Map.Entry<String, String> setting : of(task).entrySet()) {
      String was = written.get(setting.getKey());
      if (was == null) {
        written.put(setting.getKey(), setting.getValue());
      } else if (!was.equals(setting.getValue())) {
        wrong.add("%s was %s, is %s now".formatted(setting.getKey(), was, setting.getValue()));
      }
    }
    if (!wrong.isEmpty()) {
      throw new StateMismatchException(
          ("pipeline '%s': the state in this checkpoint was made for other settings (%s) and cannot be read under these:"
                  + " set them back, or start the job without it and let it warm up on the topic's history")
              .formatted(pipeline, String.join("; ", wrong)));
    }
  }

  private static Map<String, String> of(ForecastSpec task) {
    Map<String, String> layout = new LinkedHashMap<>();
    layout.put("forecast.step (ms)", Long.toString(task.stepMillis()));
    layout.put("forecast.horizon", Integer.toString(task.horizon()));
    layout.put("forecast.seasons", Arrays.toString(task.seasons()));
    layout.put("forecast.scale-window", Integer.toString(task.scaleWindow()));
    layout.put("serving.ring", Integer.toString(task.ring()));
    return layout;
  }
}
