package dev.eddy.model.layer;

import java.util.List;

/**
 * How {@link Attending} compares queries with the steps of a memory: both are brought to the same
 * width D (the memory's are then called keys), and each pair gets a score. Implementations hold no
 * mutable field.
 */
interface Scores {
  /** The weights, in memory order. */
  List<Param> params();

  /** D, floats of a query and of a key once they are comparable. */
  int keyWidth();

  /** Queries {@code [rows][D]} from q {@code [rows][Q]}; may be q itself. q: Not modified. */
  float[] queries(Slice params, int rows, float[] q, Context context);

  /** Keys {@code [rows][D]} from m {@code [rows][M]}; may be m itself. m: Not modified. */
  float[] keys(Slice params, int rows, float[] m, Context context);

  /**
   * Writes every query's score of every key of one sequence.
   *
   * @param keysT keys transposed, {@code [D][n]} without gaps. Not modified
   * @param scores {@code [T][n]} at the pairs' place; zero before. Modified
   */
  void score(Slice params, Pairs pairs, float[] keysT, float[] scores, Context context);

  /**
   * The derivative of {@link #score}.
   *
   * @param dScores like scores. Modified
   * @param dQueries like the pairs' queries: added to. Modified
   * @param dKeys like the pairs' keys: added to. Modified
   * @param grads Modified
   */
  void scoreBack(
      Slice params,
      Pairs pairs,
      float[] dScores,
      float[] dQueries,
      float[] dKeys,
      Slice grads,
      Context context);

  /** The derivative of {@link #queries}: adds to grads, gives that by q; may be dQueries itself. */
  float[] queriesBack(
      Slice params, int rows, float[] q, float[] dQueries, Slice grads, Context context);

  /** The derivative of {@link #keys}: adds to grads, gives that by m; may be dKeys itself. */
  float[] keysBack(Slice params, int rows, float[] m, float[] dKeys, Slice grads, Context context);

  /**
   * The queries and keys of one sequence of a batch.
   *
   * @param time T, queries
   * @param steps n, keys
   * @param queries {@code [T][B][D]}, query t at {@code queryAt + t * queryStride}
   * @param keys {@code [B][S][D]}, key s at {@code keyAt + s * D}
   * @param scoreAt where the sequence's scores begin
   * @param scoreStride S: from one query's scores to the next's
   */
  record Pairs(
      int time,
      int steps,
      float[] queries,
      int queryAt,
      int queryStride,
      float[] keys,
      int keyAt,
      int scoreAt,
      int scoreStride) {}
}
