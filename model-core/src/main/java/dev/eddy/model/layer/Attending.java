package dev.eddy.model.layer;

import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.List;

/**
 * Attention, whatever the scores: each step of the main part asks, and gets the mean of the memory
 * weighted by the softmax of its scores over the memory's real steps. An empty memory gives zeros.
 * Derivation: docs/layers/attention.md.
 *
 * @param scores how queries and memory are compared
 * @param memory the side that is asked
 * @param queryWidth Q
 * @param memoryWidth M
 * @param output what is given
 */
record Attending(
    Scores scores, String memory, int queryWidth, int memoryWidth, AttentionOutput output)
    implements Layer {
  /** The side that is asked if none is named. */
  static final String MEMORY = "memory";

  private record Trace(
      Bundle input, float[] queries, float[] rows, float[] keys, float[] weights) {}

  /** What such a layer gives for this input. */
  static Shape outputShape(LayerSpec reader, Shape input, String memory, AttentionOutput output) {
    int query = ShapeException.width(reader, input, Bundle.MAIN);
    int width = memoryWidth(reader, input, memory);
    return Shape.of(output == AttentionOutput.CONCAT ? width + query : width);
  }

  /** M. */
  static int memoryWidth(LayerSpec reader, Shape input, String memory) {
    return ShapeException.width(reader, input, Shape.part(memory, Bundle.MAIN));
  }

  @Override
  public List<Param> params() {
    return scores.params();
  }

  @Override
  public int stateSize() {
    return 0;
  }

  @Override
  public boolean causal() {
    return true;
  }

  private int outputWidth() {
    return output == AttentionOutput.CONCAT ? memoryWidth + queryWidth : memoryWidth;
  }

  @Override
  public Bundle forward(Slice params, Bundle input, StateSlice state, Context context) {
    FloatSeq q = input.main();
    Bundle side = input.side(memory);
    FloatSeq m = side.main();
    int steps = m.time();
    float[] rows = context.floats(m.batch() * steps * memoryWidth);
    for (int b = 0; b < m.batch(); b++) {
      RealSteps.gather(side, m, b, rows);
    }
    float[] queries = scores.queries(params, q.time() * q.batch(), q.data(), context);
    float[] keys = scores.keys(params, m.batch() * steps, rows, context);
    float[] weights = context.floats(q.batch() * q.time() * steps);
    float[] keysT = context.floats(steps * scores.keyWidth());
    float[] partials = Softmax.partials(context);
    float[] y = context.floats(q.time() * q.batch() * outputWidth());
    for (int b = 0; b < q.batch(); b++) {
      int n = side.realSteps(b);
      Scores.Pairs pairs = pairs(b, n, q, steps, queries, keys);
      Products.transpose(n, scores.keyWidth(), keys, pairs.keyAt(), keysT);
      scores.score(params, pairs, keysT, weights, context);
      for (int t = 0; t < q.time(); t++) {
        Softmax.apply(context.kernels(), n, weights, pairs.scoreAt() + t * steps, partials);
      }
      addContext(context.kernels(), pairs, b, weights, rows, y);
    }
    copyQueries(q, y);
    context.push(new Trace(input, queries, rows, keys, weights));
    return context.output(input, outputWidth(), y);
  }

  private Scores.Pairs pairs(int b, int n, FloatSeq q, int steps, float[] queries, float[] keys) {
    int d = scores.keyWidth();
    return new Scores.Pairs(
        q.time(),
        n,
        queries,
        b * d,
        q.batch() * d,
        keys,
        b * steps * d,
        b * q.time() * steps,
        steps);
  }

  /** {@code context[T][M] = weights[T][n] memory[n][M]}, steps ascending. y: Modified. */
  private void addContext(
      Kernels kernels, Scores.Pairs pairs, int b, float[] weights, float[] rows, float[] y) {
    int batch = pairs.queryStride() / scores.keyWidth();
    kernels.addProduct(
        pairs.time(),
        memoryWidth,
        pairs.steps(),
        weights,
        pairs.scoreAt(),
        pairs.scoreStride(),
        1,
        rows,
        b * pairs.scoreStride() * memoryWidth,
        memoryWidth,
        y,
        b * outputWidth(),
        batch * outputWidth());
  }

  private void copyQueries(FloatSeq q, float[] y) {
    for (int r = 0; r < q.time() * q.batch() && output == AttentionOutput.CONCAT; r++) {
      System.arraycopy(q.data(), r * queryWidth, y, r * outputWidth() + memoryWidth, queryWidth);
    }
  }

  @Override
  public Bundle backward(
      Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
    Trace trace = context.pop(Trace.class);
    FloatSeq q = trace.input().main();
    Bundle side = trace.input().side(memory);
    FloatSeq m = side.main();
    int steps = m.time();
    int d = scores.keyWidth();
    float[] dy = dOutput.main().data();
    float[] dQueries = context.floats(q.time() * q.batch() * d);
    float[] dKeys = context.floats(m.batch() * steps * d);
    float[] dRows = context.floats(m.batch() * steps * memoryWidth);
    float[] dWeights = context.floats(q.batch() * q.time() * steps);
    float[] rowsT = context.floats(steps * memoryWidth);
    for (int b = 0; b < q.batch(); b++) {
      int n = side.realSteps(b);
      Scores.Pairs pairs = pairs(b, n, q, steps, trace.queries(), trace.keys());
      Products.transpose(n, memoryWidth, trace.rows(), b * steps * memoryWidth, rowsT);
      contextBack(context.kernels(), pairs, b, trace.weights(), rowsT, dy, dRows, dWeights);
      for (int t = 0; t < q.time(); t++) {
        int at = pairs.scoreAt() + t * steps;
        Softmax.back(context.kernels(), n, trace.weights(), at, dWeights);
      }
      scores.scoreBack(params, pairs, dWeights, dQueries, dKeys, grads, context);
    }
    float[] dq =
        scores.queriesBack(params, q.time() * q.batch(), q.data(), dQueries, grads, context);
    addQueries(q, dy, dq);
    float[] dByKeys =
        scores.keysBack(params, m.batch() * steps, trace.rows(), dKeys, grads, context);
    for (int i = 0; i < dRows.length; i++) {
      dRows[i] += dByKeys[i];
    }
    FloatSeq dMemory =
        new FloatSeq(
            steps, m.batch(), memoryWidth, context.floats(steps * m.batch() * memoryWidth));
    for (int b = 0; b < m.batch(); b++) {
      RealSteps.scatter(side, dRows, b, dMemory);
    }
    return Bundle.of(new FloatSeq(q.time(), q.batch(), queryWidth, dq))
        .withSide(memory, Bundle.of(dMemory));
  }

  /**
   * The derivative of {@link #addContext} by memory and weights. dRows, dWeights: Modified.
   *
   * @param rowsT the sequence's memory transposed, {@code [M][n]}. Not modified
   */
  private void contextBack(
      Kernels kernels,
      Scores.Pairs pairs,
      int b,
      float[] weights,
      float[] rowsT,
      float[] dy,
      float[] dRows,
      float[] dWeights) {
    int time = pairs.time();
    int n = pairs.steps();
    int steps = pairs.scoreStride();
    int from = b * outputWidth();
    int stride = pairs.queryStride() / scores.keyWidth() * outputWidth();
    int at = pairs.scoreAt();
    kernels.addProduct(time, n, memoryWidth, dy, from, stride, 1, rowsT, 0, n, dWeights, at, steps);
    int rowsAt = b * steps * memoryWidth;
    kernels.addProduct(
        n, memoryWidth, time, weights, at, 1, steps, dy, from, stride, dRows, rowsAt, memoryWidth);
  }

  private void addQueries(FloatSeq q, float[] dy, float[] dq) {
    for (int r = 0; r < q.time() * q.batch() && output == AttentionOutput.CONCAT; r++) {
      for (int j = 0; j < queryWidth; j++) {
        dq[r * queryWidth + j] += dy[r * outputWidth() + memoryWidth + j];
      }
    }
  }
}
