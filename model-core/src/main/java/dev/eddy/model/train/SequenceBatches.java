package dev.eddy.model.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Batches of whole sequences, each from its initial state. Sequences of like length go together, so
 * that little is padded: an epoch's order is cut into pools of {@value #POOL} batches, each pool is
 * sorted by length and cut into batches, and the batches are shuffled once more.
 */
public final class SequenceBatches implements Batches {
  private static final int POOL = 64;

  private final Examples examples;
  private final List<Span> spans;
  private final BatchSpec spec;
  private final List<Collator> collators = new ArrayList<>(); // one for each block
  private long planned = -1;
  private int[] order; // [spans], of the planned epoch
  private int[] batches; // [batches], of the planned epoch

  /**
   * Batches of these spans.
   *
   * @throws IllegalArgumentException if there are none
   */
  public SequenceBatches(Examples examples, List<Span> spans, BatchSpec spec) {
    this.examples = examples;
    this.spans = List.copyOf(spans);
    this.spec = spec;
    if (spans.isEmpty()) {
      throw new IllegalArgumentException("there are no sequences to make batches of");
    }
  }

  @Override
  public int count(long epoch) {
    return (spans.size() + spec.rows() - 1) / spec.rows();
  }

  @Override
  public List<RowBlock> get(long epoch, int number, States states) {
    plan(epoch);
    int from = batches[number] * spec.rows();
    int to = Math.min(from + spec.rows(), order.length);
    List<RowBlock> blocks = new ArrayList<>();
    for (int at = from; at < to; at += spec.blockRows()) {
      int end = Math.min(at + spec.blockRows(), to);
      List<Span> rows = Arrays.stream(order, at, end).mapToObj(spans::get).toList();
      if (collators.size() == blocks.size()) {
        collators.add(new Collator());
      }
      boolean[] starts = new boolean[rows.size()];
      Arrays.fill(starts, true);
      int block = blocks.size();
      blocks.add(collators.get(block).block(examples, rows, starts, states, block));
    }
    return blocks;
  }

  private void plan(long epoch) {
    if (planned == epoch) {
      return;
    }
    planned = epoch;
    int n = spans.size();
    boolean mixed = spec.shuffle();
    Integer[] sorted =
        Arrays.stream(mixed ? Order.shuffled(n, spec.seed(), epoch) : Order.plain(n))
            .boxed()
            .toArray(Integer[]::new);
    int pool = (int) Math.min(n, (long) POOL * spec.rows());
    for (int at = 0; at < n; at += pool) {
      Arrays.sort(
          sorted,
          at,
          Math.min(at + pool, n),
          Comparator.comparingInt((Integer i) -> spans.get(i).length()));
    }
    order = Arrays.stream(sorted).mapToInt(Integer::intValue).toArray();
    int count = count(epoch);
    batches = mixed ? Order.shuffled(count, ~spec.seed(), epoch) : Order.plain(count);
  }
}
