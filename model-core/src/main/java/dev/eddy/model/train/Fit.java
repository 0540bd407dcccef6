package dev.eddy.model.train;

import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.loss.Loss;
import dev.eddy.model.loss.LossSum;
import dev.eddy.model.net.Network;
import dev.eddy.model.optim.Update;
import dev.eddy.model.optim.UpdateSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Trains a network in this process, from batches to the best weights.
 *
 * <pre>
 * Examples, Spans --> Batches --> TrainingStep --> weights --> Evaluator --> best weights, History
 *                        ^             ^                           |
 *                        +-- FitState (epoch, batch, moments, ..) -+--> FitCheckpoint
 * </pre>
 *
 * <p>The result follows from (network, loss, data, specifications, initial weights) alone: not from
 * the number of threads, and not from how often it was stopped and resumed. Without validation data
 * the newest weights are the best.
 *
 * @param network what is trained
 * @param loss what is made small
 * @param spec how
 * @param train what is learned from
 * @param validation what tells the best weights and when to stop; null for none
 * @param metrics what else is measured on it
 * @param kernels the arithmetic
 * @param threads threads that work, at least 1
 * @param checkpoints where the run is kept; null for nowhere
 */
public record Fit(
    Network network,
    Loss loss,
    FitSpec spec,
    Batches train,
    Batches validation,
    BatchMetrics metrics,
    Kernels kernels,
    int threads,
    Checkpoints checkpoints) {

  /**
   * Where a run is kept while it lasts.
   *
   * @param file replaced as a whole, so that it is never half written
   * @param every steps between two writes, at least 1; it is written at the run's end too
   */
  public record Checkpoints(Path file, int every) {

    /** Checks the interval. */
    public Checkpoints {
      if (every < 1) {
        throw new IllegalArgumentException(
            "checkpoints are written every 1 or more steps, got " + every);
      }
    }
  }

  /**
   * What came out.
   *
   * @param weights the best, {@code [n]}
   * @param validationLoss theirs; NaN where there is no validation data
   * @param steps made
   * @param stoppedEarly whether patience ended the run
   * @param history the learning curve
   */
  public record Result(
      float[] weights, double validationLoss, long steps, boolean stoppedEarly, History history) {}

  /** A fit on one thread without metrics or checkpoints. */
  public static Fit of(
      Network network,
      Loss loss,
      FitSpec spec,
      Batches train,
      Batches validation,
      Kernels kernels) {
    return new Fit(network, loss, spec, train, validation, BatchMetrics.NONE, kernels, 1, null);
  }

  /** The same with metrics. */
  public Fit withMetrics(BatchMetrics other) {
    return new Fit(network, loss, spec, train, validation, other, kernels, threads, checkpoints);
  }

  /** The same on so many threads. */
  public Fit withThreads(int count) {
    return new Fit(network, loss, spec, train, validation, metrics, kernels, count, checkpoints);
  }

  /** The same, kept in a file. */
  public Fit withCheckpoints(Checkpoints other) {
    return new Fit(network, loss, spec, train, validation, metrics, kernels, threads, other);
  }

  /** Trains from weights; see {@link #resume}. weights: Not modified. */
  public Result run(float[] weights, FitListener listener) throws IOException {
    return resume(FitState.begin(network, spec, weights), listener);
  }

  /**
   * Trains on from a state.
   *
   * @param state Modified; where the run ends by an exception it must not be used again
   * @throws DivergenceException if a loss or a gradient is no longer finite
   * @throws IllegalStateException if an epoch, or the validation data, has no known target
   * @throws IOException if a checkpoint cannot be written
   * @throws java.util.concurrent.CancellationException if the thread was interrupted (the flag
   *     stays set)
   */
  public Result resume(FitState state, FitListener listener) throws IOException {
    Update update = new Update(spec.update(), network.params());
    try (TrainingStep step =
            new TrainingStep(network, loss, update, kernels, threads, spec.seed());
        Evaluator evaluator = new Evaluator(network, loss, metrics, kernels, threads)) {
      Run run = new Run(state, step, evaluator, update, listener);
      while (!state.stopped && state.epoch < spec.epochs()) {
        run.step();
      }
    }
    write(state);
    return new Result(state.best.clone(), state.bestLoss, state.step, state.stopped, state.history);
  }

  private void write(FitState state) throws IOException {
    if (checkpoints != null) {
      FitCheckpoint.write(checkpoints.file(), network, spec, state);
    }
  }

  /** A run under way. */
  private final class Run {
    private final FitState state;
    private final TrainingStep trainingStep;
    private final Evaluator evaluator;
    private final Update update;
    private final FitListener listener;
    private final double secondsBefore;
    private final double doneBefore;
    private final long begin = System.nanoTime();
    private long stepsAtEpoch;

    Run(
        FitState state,
        TrainingStep trainingStep,
        Evaluator evaluator,
        Update update,
        FitListener listener) {
      this.state = state;
      this.trainingStep = trainingStep;
      this.evaluator = evaluator;
      this.update = update;
      this.listener = listener;
      this.secondsBefore = state.seconds;
      this.doneBefore = done();
      this.stepsAtEpoch = state.batch == 0 ? state.step : -1;
    }

    void step() throws IOException {
      LossSum loss = add();
      boolean epochEnds = state.batch == train.count(state.epoch);
      boolean made = loss.count() > 0;
      if (made) {
        double norm = update(loss);
        report(loss, norm);
      }
      if (epochEnds) {
        endEpoch();
      }
      boolean due =
          spec.validateEvery() == 0 ? epochEnds : made && state.step % spec.validateEvery() == 0;
      boolean ends = state.epoch == spec.epochs() && state.lossCount > 0;
      if (due || ends) {
        validate();
      }
      if (made && checkpoints != null && state.step % checkpoints.every() == 0) {
        write(state);
      }
    }

    /** The gradients of one step's batches. */
    private LossSum add() {
      int end = Math.min(state.batch + spec.accumulate(), train.count(state.epoch));
      double sum = 0;
      long count = 0;
      for (; state.batch < end; state.batch++) {
        LossSum loss =
            trainingStep.add(
                state.weights, train.get(state.epoch, state.batch, state.states), state.step);
        sum += loss.sum();
        count += loss.count();
      }
      return new LossSum(sum, count);
    }

    private double update(LossSum loss) {
      state.rate = update.rate(state.step, state.schedule);
      double norm = trainingStep.update(state.weights, state.moments, state.schedule, state.step);
      check("the loss", loss.sum());
      check("the gradient's norm", norm);
      state.step++;
      state.lossSum += loss.sum();
      state.lossCount += loss.count();
      return norm;
    }

    private void endEpoch() {
      if (stepsAtEpoch == state.step) {
        throw new IllegalStateException(
            "training has nothing to learn from: epoch %d has no known target"
                .formatted(state.epoch));
      }
      state.epoch++;
      state.batch = 0;
      stepsAtEpoch = state.step;
    }

    private void validate() {
      double loss = Double.NaN;
      Map<String, Double> values = Map.of();
      if (validation != null) {
        Evaluator.Result result = evaluator.evaluate(state.weights, validation);
        if (result.loss().count() == 0) {
          throw new IllegalStateException("the validation data has no known target");
        }
        loss = result.loss().mean();
        values = result.metrics();
        check("the validation loss", loss);
        update.spec().schedule().validated(loss, state.schedule);
      }
      keepBest(loss);
      state.seconds = seconds();
      double trainLoss = state.lossSum / state.lossCount;
      History.Row row =
          new History.Row(
              state.epoch, state.step, trainLoss, loss, values, state.rate, state.seconds);
      state.history = state.history.with(row);
      state.lossSum = 0;
      state.lossCount = 0;
      listener.row(row);
    }

    private void keepBest(double loss) {
      if (validation == null || !(loss >= state.bestLoss)) {
        state.best = state.weights.clone();
        state.bestLoss = loss;
        state.validationsSince = 0;
      } else {
        state.stopped = ++state.validationsSince >= spec.patience();
      }
    }

    private void report(LossSum loss, double norm) {
      state.seconds = seconds();
      double done = done();
      double here = done - doneBefore;
      listener.step(
          new FitProgress(
              state.epoch,
              spec.epochs(),
              state.step,
              loss.mean(),
              norm,
              state.rate,
              state.bestLoss,
              done,
              state.seconds,
              here > 0 ? (state.seconds - secondsBefore) * (1 - done) / here : Double.NaN));
    }

    private double seconds() {
      return secondsBefore + (System.nanoTime() - begin) * 1e-9;
    }

    private double done() {
      double inEpoch =
          state.epoch == spec.epochs() ? 0 : (double) state.batch / train.count(state.epoch);
      return (state.epoch + inEpoch) / spec.epochs();
    }

    private void check(String what, double value) {
      if (!Double.isFinite(value)) {
        UpdateSpec used = spec.update();
        throw new DivergenceException(
            ("training diverged at step %d (epoch %d): %s is %s. Lower the learning rate (now %s)"
                    + " or the clip norm (now %s), or begin with a warm-up; if it happens at step"
                    + " 0, look for absurd values in the data")
                .formatted(
                    state.step, state.epoch, what, value, used.learningRate(), used.clipNorm()));
      }
    }
  }
}
