package dev.eddy.jobs.serve;

import dev.eddy.jobs.config.PipelineConfig.Swap;
import dev.eddy.jobs.io.LateEvent;
import dev.eddy.jobs.io.LiveScore;
import dev.eddy.jobs.io.Parsed;
import dev.eddy.jobs.io.Prediction;
import dev.eddy.model.kernel.KernelSelection;
import dev.eddy.model.model.Model;
import dev.eddy.model.task.forecast.Forecast;
import dev.eddy.model.task.forecast.ForecastState;
import dev.eddy.model.task.forecast.Forecaster;
import dev.eddy.model.task.forecast.Reading;
import dev.eddy.model.task.forecast.Score;
import dev.eddy.model.task.forecast.Slots;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * What a serving job promises, written down a second time without Flink: one event at a time,
 * batches of one, states in a map. Which weights answer an event is told by the caller, as recorded
 * in the job's outputs.
 */
public final class OfflinePass {
  private final StepSettings settings;
  private final IntFunction<Model> models;
  private final Map<Long, Forecaster> forecasters = new HashMap<>(); // by swap epoch
  private final Map<String, Entity> entities = new HashMap<>();

  /** Every prediction, in the order of the events applied. */
  public final List<Prediction> predictions = new ArrayList<>();

  /** Every score. */
  public final List<LiveScore> scores = new ArrayList<>();

  /** Every event that came too late. */
  public final List<LateEvent> late = new ArrayList<>();

  private static final class Entity {
    ForecastState state;
    int partition = -1;
    long offset = -1;
    final Slots<Reading> ring = new MapSlots<>();
    final Slots<Forecast> pending = new MapSlots<>();
  }

  /** Slots in a map. */
  public static final class MapSlots<T> implements Slots<T> {
    private final Map<Integer, T> slots = new HashMap<>();

    @Override
    public T get(int i) {
      return slots.get(i);
    }

    @Override
    public void put(int i, T value) {
      slots.put(i, value);
    }
  }

  /** A pass over nothing yet; models are looked up by version. */
  public OfflinePass(StepSettings settings, IntFunction<Model> models) {
    this.settings = settings;
    this.models = models;
  }

  /** The forecast state of an entity; null if it was never seen. */
  public ForecastState state(String entity) {
    return entities.containsKey(entity) ? entities.get(entity).state : null;
  }

  /** Applies one event under the weights of a version, live with a swap epoch; or finds it late. */
  public void apply(Parsed.Event event, int version, long swapEpoch) {
    Forecaster forecaster =
        forecasters.computeIfAbsent(
            swapEpoch,
            epoch -> models.apply(version).forecaster(version, epoch, KernelSelection.kernels()));
    Entity entity = entities.computeIfAbsent(event.entity(), name -> new Entity());
    int partition = event.position().partition();
    long offset = event.position().offset();
    if (entity.state == null) {
      entity.state = forecaster.newState();
    } else {
      long last = entity.state.lastTime;
      boolean tie = event.time() == last;
      boolean after =
          partition > entity.partition || (partition == entity.partition && offset > entity.offset);
      if (event.time() < last || (tie && !after)) {
        late.add(new LateEvent(event, last));
        return;
      }
      prepare(forecaster, models.apply(version), entity, event.time());
    }
    step(forecaster, entity, event);
    entity.partition = partition;
    entity.offset = offset;
  }

  private void prepare(Forecaster forecaster, Model model, Entity entity, long time) {
    ForecastState state = entity.state;
    if (forecaster.stale(state)) {
      boolean same = state.architecture == model.network().architectureHash();
      if (settings.swap() == Swap.RESET) {
        forecaster.reset(state);
      } else if (settings.swap() == Swap.KEEP && same) {
        forecaster.keep(state);
      } else {
        forecaster.rewarm(state, entity.ring);
      }
    }
    long step = settings.task().stepMillis();
    long gap = Math.floorDiv(time, step) - Math.floorDiv(state.lastTime, step);
    if (settings.gapReset() > 0 && gap > settings.gapReset()) {
      forecaster.reset(state);
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  private void step(Forecaster forecaster, Entity entity, Parsed.Event event) {
    Forecast[] out = new Forecast[1];
    forecaster.step(
        1,
        new ForecastState[] {entity.state},
        new Slots[] {entity.ring},
        new Reading[] {new Reading(event.time(), event.value())},
        out);
    predictions.add(new Prediction(event.entity(), out[0], settings.pipeline(), event.position()));
    Score score = forecaster.score(entity.state, entity.pending, out[0]);
    if (score != null) {
      scores.add(new LiveScore(event.entity(), event.time(), score));
    }
  }
}
