package dev.eddy.model.task.forecast;

import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.layer.Context;
import dev.eddy.model.net.Network;
import dev.eddy.model.net.Prepared;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.Arrays;

/**
 * A model at work: steps entities one reading at a time. The streaming operator and the offline
 * pass both call this and nothing else, which is why they agree to the bit. Not thread-safe
 * (scratch memory).
 */
public final class Forecaster {
  /** Steps of a re-warm that run through the network at once: bounds its memory, changes no bit. */
  private static final int REWARM_CHUNK = 64;

  private final ForecastSpec spec;
  private final ForecastEncoder encoder;
  private final Network network;
  private final Prepared prepared;
  private final int modelVersion;
  private final long swapEpoch;
  private final long architecture;
  private final Context context;
  private final Comparison comparison;
  private float[] hidden = new float[0]; // [B][stateSize]
  private float[] main = new float[0]; // [T][B][width]
  private float[] series = new float[0]; // [T][B][SERIES_WIDTH]

  /**
   * A forecaster over weights: version and swap epoch mark the states and forecasts that they make.
   */
  public Forecaster(
      ForecastSpec spec,
      Network network,
      float[] weights,
      int modelVersion,
      long swapEpoch,
      Kernels kernels) {
    if (weights.length != network.weightCount()) {
      throw new IllegalArgumentException(
          "the network takes %d weights, got %d".formatted(network.weightCount(), weights.length));
    }
    if (network.outputWidth() != spec.outputWidth()) {
      throw new IllegalArgumentException(
          "the network gives %d floats a step, the task takes %d (horizon %d times %d quantiles)"
              .formatted(
                  network.outputWidth(),
                  spec.outputWidth(),
                  spec.horizon(),
                  spec.outputWidth() / spec.horizon()));
    }
    this.spec = spec;
    this.encoder = new ForecastEncoder(spec);
    this.network = network;
    this.prepared = network.prepare(weights, kernels);
    this.modelVersion = modelVersion;
    this.swapEpoch = swapEpoch;
    this.architecture = network.architectureHash();
    this.context = Context.stepping(kernels);
    this.comparison = new Comparison(spec);
  }

  /** The state of an entity that has seen nothing. */
  public ForecastState newState() {
    ForecastState state = new ForecastState();
    state.recent = new double[spec.longestSeason() + spec.horizon()];
    Arrays.fill(state.recent, Double.NaN);
    begin(state);
    return state;
  }

  /**
   * Whether the state was made by other weights than these, so that {@link #rewarm} or {@link
   * #reset} must come first.
   */
  public boolean stale(ForecastState state) {
    return state.modelVersion != modelVersion
        || state.swapEpoch != swapEpoch
        || state.architecture != architecture;
  }

  /**
   * Rebuilds the hidden state by running the ring's readings through these weights, from the
   * state's base on. Where the base is still the entity's beginning (or its last reset), the state
   * is the one a run from there would have.
   *
   * @param state Modified
   * @param ring reading k of the entity (0, 1, ...) in slot {@code k mod spec.ring()}
   * @throws IllegalStateException if a reading is missing from the ring
   */
  public void rewarm(ForecastState state, Slots<Reading> ring) {
    begin(state);
    ForecastState replay = new ForecastState();
    Scales.toBase(state, replay);
    for (long k = state.baseStep; k < state.step; k += REWARM_CHUNK) {
      int time = (int) Math.min(REWARM_CHUNK, state.step - k);
      Bundle inputs = inputs(time, 1);
      for (int t = 0; t < time; t++) {
        int slot = (int) ((k + t) % spec.ring());
        Reading reading = ring.get(slot);
        if (reading == null) {
          throw new IllegalStateException(
              "re-warming: the ring's slot %d is empty, reading %d of %d should stand there"
                  .formatted(slot, k + t + 1, state.step));
        }
        encode(replay, reading, inputs, t, 0);
      }
      context.reset();
      prepared.forward(inputs, state.hidden, context);
    }
  }

  /**
   * Starts the hidden state afresh under these weights; scale and history stay. A later re-warm
   * does not reach back behind this point. state: Modified.
   */
  public void reset(ForecastState state) {
    begin(state);
    state.baseStep = state.step;
    state.baseTime = state.lastTime;
    state.baseCount = state.scaleCount;
    state.baseMean = state.scaleMean;
    state.baseSquares = state.scaleSquares;
  }

  /**
   * Goes on with the hidden state as it is under these weights. state: Modified.
   *
   * @throws IllegalStateException if another architecture made it
   */
  public void keep(ForecastState state) {
    if (state.architecture != architecture) {
      throw new IllegalStateException(
          "a hidden state of architecture %x cannot be kept under one of %x: re-warm or reset it"
              .formatted(state.architecture, architecture));
    }
    mark(state);
  }

  /**
   * Applies one reading to each of {@code count} different entities, as one batched step of the
   * network. The forecasts do not depend on which entities share the batch.
   *
   * @param states Modified: hidden state, scale, step, lastTime, base, recent
   * @param rings each entity's ring; the reading is written to it, what it pushes out is folded
   *     into the base
   * @param readings what came; each not older than its state's lastTime
   * @param out out[i] becomes the forecast of entity i. Modified
   * @throws IllegalArgumentException if a reading is older than its entity's last one
   * @throws IllegalStateException if a state is {@link #stale}
   */
  public void step(
      int count,
      ForecastState[] states,
      Slots<Reading>[] rings,
      Reading[] readings,
      Forecast[] out) {
    int size = network.stateSize();
    for (int i = 0; i < count; i++) {
      check(states[i], readings[i]); // before anything is modified
    }
    Bundle inputs = inputs(1, count);
    if (hidden.length < count * size) {
      hidden = new float[count * size];
    }
    for (int i = 0; i < count; i++) {
      apply(states[i], rings[i], readings[i], inputs, i);
      System.arraycopy(states[i].hidden, 0, hidden, i * size, size);
    }
    context.reset();
    FloatSeq output = prepared.forward(inputs, hidden, context);
    for (int i = 0; i < count; i++) {
      System.arraycopy(hidden, i * size, states[i].hidden, 0, size);
      out[i] = forecast(states[i], output.data(), output.at(0, i));
    }
  }

  /**
   * Scores the forecast whose horizon ends with the reading just applied, beside the baselines, and
   * puts the newest forecast into its slot.
   *
   * @param state after {@link #step}
   * @param pending the entity's last H forecasts, slot = grid step of the origin mod H
   * @param forecast the forecast that {@link #step} just gave
   * @return null while no forecast of this entity has just matured
   */
  public Score score(ForecastState state, Slots<Forecast> pending, Forecast forecast) {
    long now = spec.slot(forecast.origin());
    int at = (int) Math.floorMod(now, (long) spec.horizon());
    Forecast matured = pending.get(at);
    pending.put(at, forecast);
    if (matured == null
        || spec.slot(matured.origin()) != now - spec.horizon()
        || matured.quantiles().length != spec.outputWidth()) {
      return null;
    }
    copyRecent(state, now, comparison.truth);
    copyRecent(state, now - spec.horizon(), comparison.past);
    comparison.run(matured.quantiles(), 0);
    int n = Math.max(comparison.count, 1); // without a step to compare, all sums are 0
    double[] season = comparison.season.clone();
    for (int s = 0; s < season.length; s++) {
      season[s] /= n;
    }
    return new Score(
        matured.origin(),
        matured.warmup(),
        matured.modelVersion(),
        comparison.count,
        comparison.model / n,
        comparison.last / n,
        season,
        comparison.covered / n,
        comparison.pinball / n);
  }

  /** Gives a state the initial hidden floats and this model's marks. */
  private void begin(ForecastState state) {
    state.hidden = new float[network.stateSize()];
    prepared.initialState(state.hidden, 0);
    mark(state);
  }

  private void mark(ForecastState state) {
    state.modelVersion = modelVersion;
    state.swapEpoch = swapEpoch;
    state.architecture = architecture;
  }

  private void check(ForecastState state, Reading reading) {
    if (stale(state)) {
      throw new IllegalStateException(
          "a state of model version %d (swap epoch %d) met version %d (swap epoch %d): re-warm, keep or reset it first"
              .formatted(state.modelVersion, state.swapEpoch, modelVersion, swapEpoch));
    }
    if (reading.time() < state.lastTime) {
      throw new IllegalArgumentException(
          "a reading of time %d came after one of time %d was applied: it is late, not to be applied"
              .formatted(reading.time(), state.lastTime));
    }
    if (state.recent.length != spec.longestSeason() + spec.horizon()) {
      throw new IllegalStateException(
          "the state remembers %d values, this task needs %d (longest season plus horizon): it was made for another task"
              .formatted(state.recent.length, spec.longestSeason() + spec.horizon()));
    }
  }

  private void apply(
      ForecastState state, Slots<Reading> ring, Reading reading, Bundle inputs, int b) {
    int slot = (int) (state.step % spec.ring());
    if (state.step - state.baseStep >= spec.ring()) {
      Scales.addToBase(state, ring.get(slot), spec.scaleWindow());
    }
    ring.put(slot, reading);
    remember(state, reading);
    encode(state, reading, inputs, 0, b);
    state.step++;
  }

  /**
   * Scales a reading by the state's past and itself, and writes the network's inputs. state,
   * inputs: Modified.
   */
  private void encode(ForecastState state, Reading reading, Bundle inputs, int t, int b) {
    Scales.add(state, reading.value(), spec.scaleWindow());
    long gap = encoder.gap(state.lastTime, reading.time());
    float scaled = ForecastEncoder.scale(reading.value(), state.scaleMean, Scales.std(state));
    encoder.write(spec.slot(reading.time()), gap, scaled, inputs, t, b);
    state.lastTime = reading.time();
  }

  /** Writes the raw value to its slot; slots that were skipped are missing. state: Modified. */
  private void remember(ForecastState state, Reading reading) {
    double[] recent = state.recent;
    long slot = spec.slot(reading.time());
    long skipped = Math.min(encoder.gap(state.lastTime, reading.time()) - 1, recent.length);
    for (long k = 1; k <= skipped; k++) {
      recent[place(recent, slot - k)] = Double.NaN;
    }
    boolean observed = ForecastEncoder.observed(reading.value());
    recent[place(recent, slot)] = observed ? reading.value() : Double.NaN;
  }

  /** Copies the raw values of the slots up to and including {@code last}. into: Modified. */
  private static void copyRecent(ForecastState state, long last, double[] into) {
    for (int i = 0; i < into.length; i++) {
      into[i] = state.recent[place(state.recent, last - into.length + 1 + i)];
    }
  }

  private static int place(double[] recent, long slot) {
    return (int) Math.floorMod(slot, (long) recent.length);
  }

  private Forecast forecast(ForecastState state, float[] output, int at) {
    float[] quantiles = new float[spec.outputWidth()];
    ForecastDecoder.decode(spec, output, at, state.scaleMean, Scales.std(state), quantiles);
    boolean warmup = state.step < spec.warmup() || state.scaleCount < 1;
    return new Forecast(state.lastTime, state.step, warmup, modelVersion, swapEpoch, quantiles);
  }

  private Bundle inputs(int time, int batch) {
    int width = encoder.width();
    if (main.length < time * batch * width) {
      main = new float[time * batch * width];
    }
    if (series.length < time * batch * ForecastEncoder.SERIES_WIDTH) {
      series = new float[time * batch * ForecastEncoder.SERIES_WIDTH];
    }
    return Bundle.of(new FloatSeq(time, batch, width, main))
        .with(
            ForecastEncoder.SERIES,
            new FloatSeq(time, batch, ForecastEncoder.SERIES_WIDTH, series));
  }
}
