package dev.eddy.model.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

/**
 * Batches of chunks whose states are carried on: truncated back-propagation through time over long
 * series, and session-parallel batches (Hidasi et al. 2016). A row walks through its span chunk by
 * chunk; when the span ends, it starts the next one.
 *
 * <pre>
 * row 0:  | span 4 .. | .. | .. | span 1 .. | .. |        one batch is one column
 * row 1:  | span 0 .. | span 3 | span 2 .. | .. | .. |    |: up to T steps
 * </pre>
 *
 * <p>Chunks are at most T steps; the last one of a span is shorter where the span is no multiple of
 * T, and the row idles for the rest. With T = 1 nothing idles and the rows are those of GRU4Rec. A
 * row that has no span left idles until the epoch's end.
 */
public final class CarriedBatches implements Batches {
  private final Examples examples;
  private final List<Span> spans;
  private final int chunk;
  private final BatchSpec spec;
  private final List<Collator> collators = new ArrayList<>(); // one for each block
  private long planned = -1;
  private List<Row> rows; // of the planned epoch
  private int count;

  /** The spans of a row by the batch that they begin in, and the batch after the last. */
  private static final class Row {
    final int number;
    final TreeMap<Integer, Span> spans = new TreeMap<>();
    int end;

    Row(int number) {
      this.number = number;
    }
  }

  /**
   * Batches of these spans.
   *
   * @param spans at least one, none empty; {@link Span#lanes} cuts a single long one
   * @param chunk T, steps that a gradient goes back through
   * @throws IllegalArgumentException if there are no spans, or one is empty
   */
  public CarriedBatches(Examples examples, List<Span> spans, int chunk, BatchSpec spec) {
    if (chunk < 1 || spans.isEmpty() || spans.stream().anyMatch(span -> span.length() == 0)) {
      throw new IllegalArgumentException(
          "batches need a chunk of at least 1 step and spans that are not empty, got %d and %d spans"
              .formatted(chunk, spans.size()));
    }
    this.examples = examples;
    this.spans = List.copyOf(spans);
    this.chunk = chunk;
    this.spec = spec;
  }

  @Override
  public int count(long epoch) {
    plan(epoch);
    return count;
  }

  @Override
  public List<RowBlock> get(long epoch, int number, States states) {
    plan(epoch);
    List<RowBlock> blocks = new ArrayList<>();
    for (int at = 0; at < rows.size(); at += spec.blockRows()) {
      int block = at / spec.blockRows();
      if (collators.size() == block) {
        collators.add(new Collator());
      }
      List<Row> some = rows.subList(at, Math.min(at + spec.blockRows(), rows.size()));
      if (some.stream().anyMatch(row -> number < row.end)) {
        blocks.add(block(some, number, states, block));
      }
    }
    return blocks;
  }

  private RowBlock block(List<Row> some, int number, States states, int block) {
    List<Span> steps = new ArrayList<>();
    boolean[] starts = new boolean[some.size()];
    for (int b = 0; b < starts.length; b++) {
      Map.Entry<Integer, Span> entry = some.get(b).spans.floorEntry(number);
      Span span = entry.getValue();
      int from = Math.min(span.to(), span.from() + (number - entry.getKey()) * chunk);
      steps.add(new Span(span.example(), from, Math.min(from + chunk, span.to())));
      starts[b] = number == entry.getKey();
    }
    return collators.get(block).block(examples, steps, starts, states, block);
  }

  /** Deals the spans, in the epoch's order, each to the row that is free first. */
  private void plan(long epoch) {
    if (planned == epoch || (planned >= 0 && !spec.shuffle())) {
      return;
    }
    planned = epoch;
    int n = spans.size();
    rows = new ArrayList<>();
    for (int r = 0; r < Math.min(spec.rows(), n); r++) {
      rows.add(new Row(r));
    }
    PriorityQueue<Row> free =
        new PriorityQueue<>(
            Comparator.comparingInt((Row row) -> row.end).thenComparingInt(row -> row.number));
    free.addAll(rows);
    for (int i : spec.shuffle() ? Order.shuffled(n, spec.seed(), epoch) : Order.plain(n)) {
      Row row = free.remove();
      row.spans.put(row.end, spans.get(i));
      row.end += (spans.get(i).length() + chunk - 1) / chunk;
      free.add(row);
    }
    count = rows.stream().mapToInt(row -> row.end).max().orElse(0);
  }
}
