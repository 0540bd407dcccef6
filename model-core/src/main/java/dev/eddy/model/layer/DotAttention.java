package dev.eddy.model.layer;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.eddy.model.kernel.Kernels;
import java.util.List;

/**
 * Multiplicative attention (Luong, Pham and Manning 2015): each step q of the main part is compared
 * with every real step m of a side, and gives the mean of these, weighted by
 *
 * <pre>
 * dot:     softmax(q m)
 * scaled:  softmax(q m / sqrt(Q))        (Vaswani et al. 2017)
 * general: softmax(q W m)
 * </pre>
 *
 * <p>Derivation: docs/layers/attention.md.
 *
 * @param score how query and memory are compared; general if left out
 * @param memory the side that is asked; {@code memory} if left out
 * @param output the context alone or with the query behind it; both if left out
 */
public record DotAttention(Score score, String memory, AttentionOutput output)
    implements LayerSpec {

  /** How a query is compared with a step of the memory. */
  public enum Score {
    /** Their product; both are of the same width. */
    @JsonProperty("dot")
    DOT,
    /** Their product divided by the square root of the width. */
    @JsonProperty("scaled")
    SCALED,
    /** The product across a matrix of weights. */
    @JsonProperty("general")
    GENERAL
  }

  /** Fills in the defaults. */
  public DotAttention {
    score = score == null ? Score.GENERAL : score;
    memory = memory == null ? Attending.MEMORY : memory;
    output = output == null ? AttentionOutput.CONCAT : output;
  }

  /** Of the side {@code memory}, giving context and query. */
  public static DotAttention of(Score score) {
    return new DotAttention(score, null, null);
  }

  @Override
  public String kind() {
    return "dot-attention";
  }

  @Override
  public Shape outputShape(Shape input) {
    Shape shape = Attending.outputShape(this, input, memory, output);
    int width = Attending.memoryWidth(this, input, memory);
    if (score != Score.GENERAL && width != input.main()) {
      throw new ShapeException(
          kind(),
          "compares queries of width %d with memory of width %d: make them equal or score 'general'"
              .formatted(input.main(), width));
    }
    return shape;
  }

  @Override
  public Layer build(Shape input) {
    outputShape(input);
    int q = input.main();
    int m = Attending.memoryWidth(this, input, memory);
    float factor = score == Score.SCALED ? (float) (1 / StrictMath.sqrt(q)) : 1f;
    return new Attending(new Compare(q, m, score == Score.GENERAL, factor), memory, q, m, output);
  }

  /** Keys are the memory itself; queries too, or go through W first, once for all of them. */
  private record Compare(int queryWidth, int keyWidth, boolean general, float factor)
      implements Scores {
    @Override
    public List<Param> params() {
      return general
          ? List.of(new Param("W", queryWidth, keyWidth, Inits.glorot(queryWidth, keyWidth)))
          : List.of();
    }

    @Override
    public float[] queries(Slice params, int rows, float[] q, Context context) {
      if (!general) {
        return q;
      }
      float[] queries = context.floats(rows * keyWidth);
      Products.addTimes(context.kernels(), rows, queryWidth, keyWidth, q, params, queries);
      return queries;
    }

    @Override
    public float[] keys(Slice params, int rows, float[] m, Context context) {
      return m;
    }

    @Override
    public void score(Slice params, Pairs pairs, float[] keysT, float[] scores, Context context) {
      int n = pairs.steps();
      context
          .kernels()
          .addProduct(
              pairs.time(),
              n,
              keyWidth,
              pairs.queries(),
              pairs.queryAt(),
              pairs.queryStride(),
              1,
              keysT,
              0,
              n,
              scores,
              pairs.scoreAt(),
              pairs.scoreStride());
      scale(pairs, scores);
    }

    /** Times the factor. scores: Modified. */
    private void scale(Pairs pairs, float[] scores) {
      for (int t = 0; t < pairs.time() && factor != 1f; t++) {
        int at = pairs.scoreAt() + t * pairs.scoreStride();
        for (int s = 0; s < pairs.steps(); s++) {
          scores[at + s] *= factor;
        }
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
      scale(pairs, dScores);
      Kernels kernels = context.kernels();
      int time = pairs.time();
      int n = pairs.steps();
      int at = pairs.scoreAt();
      int stride = pairs.scoreStride();
      int from = pairs.queryAt();
      int next = pairs.queryStride();
      kernels.addProduct(
          time,
          keyWidth,
          n,
          dScores,
          at,
          stride,
          1,
          pairs.keys(),
          pairs.keyAt(),
          keyWidth,
          dQueries,
          from,
          next);
      kernels.addProduct(
          n,
          keyWidth,
          time,
          dScores,
          at,
          1,
          stride,
          pairs.queries(),
          from,
          next,
          dKeys,
          pairs.keyAt(),
          keyWidth);
    }

    @Override
    public float[] queriesBack(
        Slice params, int rows, float[] q, float[] dQueries, Slice grads, Context context) {
      if (!general) {
        return dQueries;
      }
      Products.addWeightGradient(context.kernels(), rows, queryWidth, keyWidth, q, dQueries, grads);
      return Products.inputGradient(rows, queryWidth, keyWidth, dQueries, params, context);
    }

    @Override
    public float[] keysBack(
        Slice params, int rows, float[] m, float[] dKeys, Slice grads, Context context) {
      return dKeys;
    }
  }
}
