package dev.eddy.model.layer;

import dev.eddy.model.kernel.Kernels;
import java.util.List;

/**
 * Additive attention (Bahdanau, Cho and Bengio 2015): each step q of the main part is compared with
 * every real step m of a side by a layer of tanh units, and gives the mean of these, weighted by
 *
 * <pre>
 * softmax(v tanh(q Wq + m Wm + b))
 * </pre>
 *
 * <p>The queries are the main part as it is: after a recurrent layer, step t asks with its own
 * state. {@link InputFeeding} around the two hands the answer to the next step, as the paper does.
 * Derivation: docs/layers/attention.md.
 *
 * @param units tanh units of the comparison
 * @param memory the side that is asked; {@code memory} if left out
 * @param output the context alone or with the query behind it; both if left out
 */
public record AdditiveAttention(int units, String memory, AttentionOutput output)
    implements LayerSpec {

  /** Fills in the defaults. */
  public AdditiveAttention {
    Limits.checkUnits("additive-attention", units);
    memory = memory == null ? Attending.MEMORY : memory;
    output = output == null ? AttentionOutput.CONCAT : output;
  }

  /** Of the side {@code memory}, giving context and query. */
  public static AdditiveAttention of(int units) {
    return new AdditiveAttention(units, null, null);
  }

  @Override
  public String kind() {
    return "additive-attention";
  }

  @Override
  public Shape outputShape(Shape input) {
    return Attending.outputShape(this, input, memory, output);
  }

  @Override
  public Layer build(Shape input) {
    outputShape(input);
    int q = input.main();
    int m = Attending.memoryWidth(this, input, memory);
    return new Attending(new Compare(q, m, units), memory, q, m, output);
  }

  /** Wq, Wm, b, v. A query is q Wq + b, a key is m Wm. */
  private record Compare(int queryWidth, int memoryWidth, int keyWidth) implements Scores {
    @Override
    public List<Param> params() {
      return List.of(
          new Param("Wq", queryWidth, keyWidth, Inits.glorot(queryWidth, keyWidth)),
          new Param("Wm", memoryWidth, keyWidth, Inits.glorot(memoryWidth, keyWidth)),
          new Param("b", 1, keyWidth, Inits.constant(0)),
          new Param("v", 1, keyWidth, Inits.glorot(keyWidth, 1)));
    }

    private Slice wq(Slice params) {
      return params.sub(0, queryWidth * keyWidth);
    }

    private Slice wm(Slice params) {
      return params.sub(queryWidth * keyWidth, memoryWidth * keyWidth);
    }

    private Slice b(Slice params) {
      return params.sub((queryWidth + memoryWidth) * keyWidth, keyWidth);
    }

    private Slice v(Slice params) {
      return params.sub((queryWidth + memoryWidth + 1) * keyWidth, keyWidth);
    }

    @Override
    public float[] queries(Slice params, int rows, float[] q, Context context) {
      float[] queries = context.floats(rows * keyWidth);
      Products.fillRows(rows, keyWidth, b(params), queries);
      Products.addTimes(context.kernels(), rows, queryWidth, keyWidth, q, wq(params), queries);
      return queries;
    }

    @Override
    public float[] keys(Slice params, int rows, float[] m, Context context) {
      float[] keys = context.floats(rows * keyWidth);
      Products.addTimes(context.kernels(), rows, memoryWidth, keyWidth, m, wm(params), keys);
      return keys;
    }

    @Override
    public void score(Slice params, Pairs pairs, float[] keysT, float[] scores, Context context) {
      Kernels kernels = context.kernels();
      int n = pairs.steps();
      float[] z = context.floats(keyWidth * pairs.scoreStride()); // [D][n]: keys side by side
      Slice v = v(params);
      for (int t = 0; t < pairs.time(); t++) {
        int query = pairs.queryAt() + t * pairs.queryStride();
        for (int j = 0; j < keyWidth; j++) {
          float part = pairs.queries()[query + j];
          for (int s = 0; s < n; s++) {
            z[j * n + s] = part + keysT[j * n + s];
          }
        }
        kernels.tanh(keyWidth * n, z, 0, z, 0);
        int at = pairs.scoreAt() + t * pairs.scoreStride();
        kernels.addProduct(
            1, n, keyWidth, v.data(), v.offset(), keyWidth, 1, z, 0, n, scores, at, n);
      }
    }

    @Override
    public void scoreBack(
        Slice params,
        Pairs pairs,
        float[] dScores,
        float[] dQueries,
        float[] dKeys,
        Slice grads,
        Context context) {
      Kernels kernels = context.kernels();
      int n = pairs.steps();
      Slice dv = v(grads);
      // [n][D] of one query, made again: kept, it would be T times as much.
      float[] z = context.floats(pairs.scoreStride() * keyWidth);
      for (int t = 0; t < pairs.time(); t++) {
        int query = pairs.queryAt() + t * pairs.queryStride();
        int at = pairs.scoreAt() + t * pairs.scoreStride();
        for (int s = 0; s < n; s++) {
          for (int j = 0; j < keyWidth; j++) {
            z[s * keyWidth + j] =
                pairs.queries()[query + j] + pairs.keys()[pairs.keyAt() + s * keyWidth + j];
          }
        }
        kernels.tanh(n * keyWidth, z, 0, z, 0);
        kernels.addProduct(
            1, keyWidth, n, dScores, at, n, 1, z, 0, keyWidth, dv.data(), dv.offset(), keyWidth);
        unitsBack(v(params), n, dScores, at, z);
        Products.addBiasGradient(
            kernels, n, keyWidth, z, new Slice(dQueries, query, keyWidth, null));
        for (int i = 0; i < n * keyWidth; i++) {
          dKeys[pairs.keyAt() + i] += z[i];
        }
      }
    }

    /** From tanh units to the derivative by the sums before them. z: Modified. */
    private void unitsBack(Slice v, int n, float[] dScores, int at, float[] z) {
      for (int s = 0; s < n; s++) {
        float de = dScores[at + s];
        for (int j = 0; j < keyWidth; j++) {
          float unit = z[s * keyWidth + j];
          z[s * keyWidth + j] = de * v.data()[v.offset() + j] * (1 - unit * unit);
        }
      }
    }

    @Override
    public float[] queriesBack(
        Slice params, int rows, float[] q, float[] dQueries, Slice grads, Context context) {
      Products.addWeightGradient(
          context.kernels(), rows, queryWidth, keyWidth, q, dQueries, wq(grads));
      Products.addBiasGradient(context.kernels(), rows, keyWidth, dQueries, b(grads));
      return Products.inputGradient(rows, queryWidth, keyWidth, dQueries, wq(params), context);
    }

    @Override
    public float[] keysBack(
        Slice params, int rows, float[] m, float[] dKeys, Slice grads, Context context) {
      Products.addWeightGradient(
          context.kernels(), rows, memoryWidth, keyWidth, m, dKeys, wm(grads));
      return Products.inputGradient(rows, memoryWidth, keyWidth, dKeys, wm(params), context);
    }
  }
}
