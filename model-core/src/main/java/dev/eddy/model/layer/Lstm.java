package dev.eddy.model.layer;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.seq.Bundle;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997; forget gate: Gers, Schmidhuber and
 * Cummins 2000), one bias, without peepholes unless asked for:
 *
 * <pre>
 * [i f o g] = x W + h U + b        i, f, o through sigmoid, g through tanh
 * c' = f c + i g
 * h' = o tanh(c')                  h' is the output; the state is [h c]
 * </pre>
 *
 * <p>W is Glorot uniform per gate, U orthogonal per gate, b zero but 1 for the forget gate
 * (Jozefowicz et al. 2015). Gate order and derivation: docs/layers/lstm.md.
 *
 * @param units H
 * @param peephole whether the gates also see the cell: i and f the one before, o the new one,
 *     through weights p (Gers, Schraudolph and Schmidhuber 2002)
 * @param gateActivation of i, f and o: sigmoid (null, what is left out in JSON) or hardSigmoid
 * @param candidateActivation of g: tanh (null), sigmoid, hardSigmoid, relu or linear
 * @param cellActivation of c' in the output: as for g
 * @param recurrentDropout the share of h that the product with U does not see in training, one mask
 *     for each sequence (Gal and Ghahramani 2016)
 * @param learnedState whether the initial state is learned; else it is zero
 */
public record Lstm(
    int units,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean peephole,
    @JsonInclude(JsonInclude.Include.NON_NULL) Activation gateActivation,
    @JsonInclude(JsonInclude.Include.NON_NULL) Activation candidateActivation,
    @JsonInclude(JsonInclude.Include.NON_NULL) Activation cellActivation,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) float recurrentDropout,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean learnedState)
    implements LayerSpec {
  private static final Set<Activation> GATES =
      EnumSet.of(Activation.SIGMOID, Activation.HARD_SIGMOID);
  private static final Set<Activation> CELLS =
      EnumSet.of(
          Activation.TANH,
          Activation.SIGMOID,
          Activation.HARD_SIGMOID,
          Activation.RELU,
          Activation.LINEAR);

  /** Checks the numbers; an activation that is the usual one becomes null. */
  public Lstm {
    Limits.checkUnits("lstm", units);
    gateActivation = option("gateActivation", gateActivation, Activation.SIGMOID, GATES);
    candidateActivation =
        option("candidateActivation", candidateActivation, Activation.TANH, CELLS);
    cellActivation = option("cellActivation", cellActivation, Activation.TANH, CELLS);
    Dropout.checkRate("lstm: recurrentDropout", recurrentDropout);
  }

  /** Without options. */
  public Lstm(int units) {
    this(units, false, null, null, null, 0f, false);
  }

  private static Activation option(
      String name, Activation chosen, Activation usual, Set<Activation> allowed) {
    if (chosen != null && !allowed.contains(chosen)) {
      throw new IllegalArgumentException(
          "lstm: %s must be one of %s, got %s".formatted(name, allowed, chosen));
    }
    return chosen == usual ? null : chosen;
  }

  /** The same with peepholes. */
  public Lstm withPeephole() {
    return new Lstm(
        units,
        true,
        gateActivation,
        candidateActivation,
        cellActivation,
        recurrentDropout,
        learnedState);
  }

  /** The same with other activations of the gates, of g and of c'; null for the usual one. */
  public Lstm withActivations(Activation gate, Activation candidate, Activation cell) {
    return new Lstm(units, peephole, gate, candidate, cell, recurrentDropout, learnedState);
  }

  /** The same with recurrent dropout. */
  public Lstm withRecurrentDropout(float rate) {
    return new Lstm(
        units, peephole, gateActivation, candidateActivation, cellActivation, rate, learnedState);
  }

  /** The same with a learned initial state. */
  public Lstm withLearnedState() {
    return new Lstm(
        units,
        peephole,
        gateActivation,
        candidateActivation,
        cellActivation,
        recurrentDropout,
        true);
  }

  @Override
  public String kind() {
    return "lstm";
  }

  @Override
  public Shape outputShape(Shape input) {
    ShapeException.width(this, input, Bundle.MAIN);
    return Shape.of(units);
  }

  @Override
  public Layer build(Shape input) {
    int in = ShapeException.width(this, input, Bundle.MAIN);
    Layer plain = new Recurrent(new Step(in, units));
    Layer layer = isPlain() ? plain : new Recurrent(options(in), recurrentDropout);
    if (isPlain() && recurrentDropout > 0) {
      layer = new WhenTraining(new Recurrent(options(in), recurrentDropout), plain);
    }
    return learnedState ? new LearnedState(layer) : layer;
  }

  /** Whether a step is the plain one, as far as it is not training. */
  private boolean isPlain() {
    return !peephole
        && gateActivation == null
        && candidateActivation == null
        && cellActivation == null;
  }

  private LstmOptionsCell options(int in) {
    return new LstmOptionsCell(
        in,
        units,
        peephole,
        gateActivation == null ? Activation.SIGMOID : gateActivation,
        candidateActivation == null ? Activation.TANH : candidateActivation,
        cellActivation == null ? Activation.TANH : cellActivation);
  }

  /** W, U and b, which every form of the layer has. */
  static List<Param> params(int in, int units) {
    Param.Init forgetGateOpen =
        (w, offset, rows, columns, rng) -> {
          Arrays.fill(w, offset, offset + columns, 0f);
          Arrays.fill(w, offset + units, offset + 2 * units, 1f);
        };
    return List.of(
        new Param("W", in, 4 * units, Inits.glorot(in, units)),
        new Param("U", units, 4 * units, Inits.orthogonalBlocks()),
        new Param("b", 1, 4 * units, forgetGateOpen));
  }

  /** The slots of a row are [i f o g tanh(c')]. */
  private record Step(int in, int units) implements Cell, Packs.Packer {
    /** Rows whose sums and gates take turns: few enough to stay in the first-level cache. */
    private static final int ROWS = 32;

    /**
     * Rows whose derivatives go into all weights in turn: few enough to stay in the second-level
     * cache.
     */
    private static final int BACK_ROWS = 128;

    @Override
    public List<Param> params() {
      return Lstm.params(in, units);
    }

    private Slice w(Slice params) {
      return params.sub(0, in * 4 * units);
    }

    private Slice u(Slice params) {
      return params.sub(in * 4 * units, units * 4 * units);
    }

    private Slice b(Slice params) {
      return params.sub((in + units) * 4 * units, 4 * units);
    }

    @Override
    public int inputWidth() {
      return in;
    }

    @Override
    public int outputWidth() {
      return units;
    }

    @Override
    public int stateSize() {
      return 2 * units;
    }

    @Override
    public int slots() {
      return 5 * units;
    }

    @Override
    public int sums() {
      return 4 * units;
    }

    @Override
    public boolean fused() {
      return true;
    }

    @Override
    public float[] pack(Slice params, Context context) {
      return Packs.packed(params, this, context);
    }

    @Override
    public int packedSize(Kernels kernels) {
      return kernels.packedSize(1 + in + units, sums());
    }

    /** {@code [b; W; U]}: the order in which a sum runs. */
    @Override
    public void pack(Slice params, Kernels kernels, float[] packed) {
      int n = sums();
      int rows = 1 + in + units;
      float[] w = params.data();
      kernels.pack(rows, n, 0, 1, w, b(params).offset(), n, 1, packed);
      kernels.pack(rows, n, 1, in + units, w, params.offset(), n, 1, packed);
    }

    @Override
    public void project(Slice params, int rows, float[] x, float[] slots, Context context) {
      throw new UnsupportedOperationException("a fused cell has no projection of its own");
    }

    @Override
    public void step(Slice params, Tick tick, Context context) {
      Kernels kernels = context.kernels();
      float[] z = tick.slots();
      float[] states = tick.states();
      int row = tick.stateRow();
      for (int r = 0; r < tick.batch(); r += ROWS) {
        int rows = Math.min(ROWS, tick.batch() - r);
        // Without a backward to come the next rows may overwrite these sums, still in the cache.
        int zAt = tick.slotsAt() + (context.tracing() ? r * slots() : 0);
        int before = tick.before() + r * row;
        int after = tick.after() + r * row;
        kernels.affine(
            rows,
            sums(),
            tick.packed(),
            in,
            tick.x(),
            (tick.row() + r) * in,
            in,
            units,
            states,
            before,
            row,
            z,
            zAt,
            slots());
        kernels.lstm(rows, units, z, zAt, slots(), states, before, states, after, row);
      }
    }

    /** {@code U^T}, packed. */
    @Override
    public float[] prepareBack(Slice params, Context context) {
      return Products.packedTranspose(u(params), units, sums(), context);
    }

    @Override
    public void stepBack(
        float[] prepared,
        Tick tick,
        float[] dAfter,
        float[] dBefore,
        float[] dSlots,
        Context context) {
      Kernels kernels = context.kernels();
      int n = sums();
      for (int r = 0; r < tick.batch(); r += ROWS) {
        int rows = Math.min(ROWS, tick.batch() - r);
        int dzAt = (tick.row() + r) * n;
        int at = r * stateSize();
        kernels.lstmBack(
            rows,
            units,
            tick.slots(),
            tick.slotsAt() + r * slots(),
            slots(),
            tick.states(),
            tick.before() + at,
            dAfter,
            dBefore,
            at,
            dSlots,
            dzAt);
        kernels.affine(
            rows, units, prepared, n, dSlots, dzAt, n, 0, dSlots, 0, 0, dBefore, at, stateSize());
      }
    }

    @Override
    public void weightsBack(Run run, float[] dSlots, Context context, Slice grads) {
      Kernels kernels = context.kernels();
      int n = sums();
      int size = stateSize();
      Slice dW = w(grads);
      Slice dU = u(grads);
      Slice db = b(grads);
      for (int r = 0; r < run.rows(); r += BACK_ROWS) {
        int k = Math.min(BACK_ROWS, run.rows() - r);
        int at = r * n;
        kernels.addProduct(
            units, n, k, run.states(), r * size, 1, size, dSlots, at, n, dU.data(), dU.offset(), n);
        kernels.addProduct(
            in, n, k, run.x(), r * in, 1, in, dSlots, at, n, dW.data(), dW.offset(), n);
        Products.addBiasGradient(kernels, k, n, dSlots, at, db);
      }
    }

    @Override
    public float[] inputBack(Slice params, int rows, float[] dSlots, Context context) {
      Kernels kernels = context.kernels();
      int n = sums();
      float[] dx = context.unfilled(rows * in);
      float[] packed = Products.packedTranspose(w(params), in, n, context);
      kernels.affine(rows, in, packed, n, dSlots, 0, n, 0, dSlots, 0, 0, dx, 0, in);
      return dx;
    }
  }
}
