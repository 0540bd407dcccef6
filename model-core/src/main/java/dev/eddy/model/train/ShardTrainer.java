package dev.eddy.model.train;

import dev.eddy.model.kernel.Rng;
import dev.eddy.model.layer.Context;
import dev.eddy.model.loss.LossSum;
import dev.eddy.model.net.Network;
import dev.eddy.model.optim.Update;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One virtual worker. Its update is a pure function of ({@link RoundWork}, shard, seed); nothing is
 * carried from round to round but what the coordinator hands out. Not thread-safe (it keeps its
 * buffers).
 *
 * <p>A round visits blocks. A block is up to {@code batch} rows, each a segment of a series. Its
 * state is rebuilt over up to {@code warmup} steps before the segment, without gradient, and then
 * runs on from chunk to chunk: truncated back-propagation through time, one optimiser step per
 * chunk.
 *
 * <pre>
 * row b:  ..|---- warm-up ----|-- chunk --|-- chunk --|-- chunk --|..
 *            state only          step s      step s+1    step s+2
 * </pre>
 *
 * <p>The longer a block, the less the warm-up costs and the more alike are the chunks that follow
 * one another; a block is about twice as long as the warm-up, and never more than a round. Where
 * local steps grow, so do blocks until they are that long; a round begins where as many blocks as
 * were visited before it end in the order of its own kind of blocks.
 */
public final class ShardTrainer {
  /** What a schedule that follows from the step alone remembers. */
  private static final double[] NO_STATE = {};

  private static final float[] NO_MOMENTS = {};

  /** Keeps the randomness of layers apart from other uses of the run's seed. */
  private static final long STEPS = 0x57E9_5L;

  private final TrainingSetup setup;
  private final ShardData data;
  private final Scorer scorer;
  private final Update update;
  private final SeriesBatch batch;
  private final int longest; // chunks of a block
  private final Map<Integer, Segments> segments = new HashMap<>(); // by the chunks of a block

  /**
   * A worker for one shard's data.
   *
   * @throws IllegalArgumentException if a series does not have the network's inputs or the loss's
   *     targets, or if the local steps of an epoch are not {@link TrainingSpec#resolved}
   */
  public ShardTrainer(TrainingSetup setup, ShardData data) {
    data.train().forEach(stretch -> setup.check(stretch.series()));
    TrainingSpec spec = setup.spec();
    if (!spec.averaging().localSteps().known()) {
      throw new IllegalArgumentException(
          "localSteps is 'epoch', and the steps of an epoch are not known: resolve the"
              + " specification with stepsPerEpoch first");
    }
    this.setup = setup;
    this.data = data;
    this.scorer = new Scorer(setup);
    this.update = new Update(spec.update(), setup.network().params());
    this.batch = new SeriesBatch(setup.network().input(), setup.loss().targetWidth());
    this.longest = longestBlock(spec);
  }

  /** Chunks of a block where the round does not make it shorter. */
  private static int longestBlock(TrainingSpec spec) {
    return Math.max(1, ceilDiv(2 * spec.warmup(), spec.chunk()));
  }

  /**
   * Steps in which shards see all their segments once, in the mean over those that have any: what
   * an epoch is for {@link TrainingSpec#resolved}.
   *
   * @param lengths for each shard, how many steps its stretches have
   * @return at least 1
   */
  public static int stepsPerEpoch(TrainingSpec spec, List<List<Integer>> lengths) {
    int chunks = longestBlock(spec);
    long steps = 0;
    int shards = 0;
    for (List<Integer> shard : lengths) {
      int count = shard.stream().mapToInt(n -> Segments.count(n, chunks * spec.chunk())).sum();
      if (count > 0) {
        steps += (long) chunks * ceilDiv(count, Math.min(spec.batch(), count));
        shards++;
      }
    }
    return shards == 0 ? 1 : (int) Math.max(1, Math.round((double) steps / shards));
  }

  /** Which shard. */
  public int shard() {
    return data.shard();
  }

  /**
   * Does the shard's part of a round: scores the incoming weights on the validation stretches, then
   * makes the round's local steps. A shard with nothing to learn from returns the incoming weights
   * with 0 samples. Where the numbers run away it stops early and returns them; the coordinator
   * refuses such an update.
   *
   * @param work Not modified
   * @throws java.util.concurrent.CancellationException if the thread was interrupted (the flag
   *     stays set)
   */
  public ShardUpdate run(RoundWork work) {
    long start = System.nanoTime();
    ScoreSum validation = scorer.score(work.weights(), data.validation(), StepMetrics.NONE);
    LocalRun run = new LocalRun(work);
    if (work.round() < setup.spec().rounds() && !data.train().isEmpty()) {
      run.train();
    }
    run.step.close();
    boolean fresh = setup.spec().averaging().moments() == Moments.RESET;
    return new ShardUpdate(
        data.shard(),
        work.round(),
        run.weights,
        fresh ? NO_MOMENTS : run.moments,
        run.steps,
        run.samples,
        run.lossSum,
        update.rate(run.before, NO_STATE),
        validation,
        System.nanoTime() - start);
  }

  private Segments order(int chunks) {
    TrainingSpec spec = setup.spec();
    return new Segments(data.train(), chunks * spec.chunk(), spec.seed(), data.shard());
  }

  private static int ceilDiv(int a, int b) {
    return (a + b - 1) / b;
  }

  /** The local steps of one round: everything that changes while they are made. */
  private final class LocalRun {
    private final Network network = setup.network();
    private final TrainingSpec spec = setup.spec();
    private final int round;
    private final int localSteps;
    private final int blocks; // of this round
    private final int chunksPerBlock;
    private final long before; // steps of the rounds before
    private final long age; // of the moments, in steps
    private final float[] weights; // [n]
    private final float[] moments; // [k][n]
    private final Context warming = Context.stepping(setup.kernels());
    private final TrainingStep step;
    private int steps;
    private long samples;
    private double lossSum;

    LocalRun(RoundWork work) {
      LocalSteps plan = spec.averaging().localSteps();
      this.round = work.round();
      this.localSteps = plan.in(round);
      this.blocks = ceilDiv(localSteps, longest);
      this.chunksPerBlock = ceilDiv(localSteps, blocks);
      this.before = plan.before(round);
      this.age = work.age();
      this.weights = work.weights().clone();
      this.moments =
          spec.averaging().moments() == Moments.RESET
              ? spec.update().optimiser().newMoments(weights.length)
              : work.moments().clone();
      this.step =
          new TrainingStep(
              network,
              setup.loss(),
              update,
              setup.kernels(),
              1,
              Rng.of(spec.seed(), STEPS, data.shard()).nextLong());
    }

    /**
     * Visits blocks until the steps are made. Chunks without a known target make no step; after a
     * whole epoch beyond the round's share of blocks there is nothing more to find.
     */
    void train() {
      Segments order = segments.computeIfAbsent(chunksPerBlock, ShardTrainer.this::order);
      int rows = Math.min(spec.batch(), order.count());
      long block = spec.averaging().localSteps().sum(round, k -> ceilDiv(k, longest));
      long end = block + blocks + ceilDiv(order.count(), rows);
      for (; block < end && steps < localSteps && Double.isFinite(lossSum); block++) {
        Stretch[] stretches = new Stretch[rows];
        for (int b = 0; b < rows; b++) {
          stretches[b] = order.at(block * rows + b);
        }
        train(stretches);
      }
    }

    private void train(Stretch[] rows) {
      int[] from = Arrays.stream(rows).mapToInt(Stretch::from).toArray();
      int[] to = Arrays.stream(rows).mapToInt(Stretch::to).toArray();
      int[] first = from.clone();
      float[] states = warm(rows, from);
      for (int chunk = 0; chunk < chunksPerBlock && steps < localSteps; chunk++) {
        Interrupts.check();
        Bundle inputs = batch.inputs(rows, first, spec.chunk());
        FloatSeq targets = batch.targets(rows, first, spec.chunk(), from, to);
        if (chunk == 0) {
          inputs = inputs.withStarts(starts(from)); // teaches an initial state that is learned
        }
        if (!step(inputs, targets, states)) {
          return;
        }
        for (int b = 0; b < first.length; b++) {
          first[b] += spec.chunk();
        }
      }
    }

    /** One chunk, as one block of rows. False if the numbers ran away. */
    private boolean step(Bundle inputs, FloatSeq targets, float[] states) {
      long made = before + steps;
      LossSum loss =
          step.add(weights, List.of(new RowBlock(inputs, Bundle.of(targets), states)), made);
      if (loss.count() == 0) {
        return true;
      }
      samples += loss.count();
      lossSum += loss.sum();
      if (!Double.isFinite(step.update(weights, moments, NO_STATE, made, age + steps))) {
        lossSum = Double.NaN; // a gradient that is not a number must not be averaged away
      }
      steps++;
      return Double.isFinite(lossSum);
    }

    /** The states of the rows at their first step; anything where a row {@link #starts}. */
    private float[] warm(Stretch[] rows, int[] from) {
      float[] states = new float[rows.length * network.stateSize()];
      int longest = 0;
      for (int b = 0; b < rows.length; b++) {
        network.initialState(weights, states, b);
        longest = Math.max(longest, warmup(from[b]));
      }
      // All rows end their warm-up together. One that has less before it begins later, with a fresh
      // state.
      for (int left = longest; left > 0; ) {
        int time = Math.min(left, spec.chunk());
        int[] first = new int[rows.length];
        for (int b = 0; b < rows.length; b++) {
          first[b] = from[b] - left;
          int own = warmup(from[b]);
          if (own == left) {
            network.initialState(weights, states, b);
          } else if (own < left) {
            time = Math.min(time, left - own); // stop where this row begins
          }
        }
        warming.reset();
        network.forward(weights, batch.inputs(rows, first, time), states, warming);
        left -= time;
      }
      return states;
    }

    /** Which rows have nothing to be warmed over: they begin with the initial state. */
    private boolean[] starts(int[] from) {
      boolean[] starts = new boolean[from.length];
      for (int b = 0; b < from.length; b++) {
        starts[b] = warmup(from[b]) == 0;
      }
      return starts;
    }

    private int warmup(int from) {
      return Math.min(from, spec.warmup());
    }
  }
}
