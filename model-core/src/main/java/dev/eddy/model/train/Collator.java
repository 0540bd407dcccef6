package dev.eddy.model.train;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.seq.IntSeq;
import dev.eddy.model.seq.Seq;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Puts sequences side by side: rows of one block, time-major, padded to the longest, with lengths
 * where they differ. Its buffers are used again by the next call.
 */
final class Collator {
  private final Map<String, float[]> floats = new TreeMap<>();
  private final Map<String, int[]> ids = new TreeMap<>();

  /** A block of spans; {@code starts[b]} where row b begins anew. */
  RowBlock block(Examples examples, List<Span> spans, boolean[] starts, States states, int number) {
    List<Example> rows = spans.stream().map(span -> examples.get(span.example())).toList();
    Bundle inputs = join("in", rows, spans, Example::input, 0f, 0).withStarts(starts);
    Bundle targets = join("out", rows, spans, Example::target, Float.NaN, -1);
    return new RowBlock(inputs, targets, states.block(number, spans.size()));
  }

  /** The rows' steps; missing ones are {@code padding}, or {@code paddingId}. */
  private Bundle join(
      String key,
      List<Example> rows,
      List<Span> spans,
      Function<Example, Bundle> side,
      float padding,
      int paddingId) {
    List<Bundle> bundles = rows.stream().map(side).toList();
    int[] from = new int[rows.size()];
    int[] lengths = new int[rows.size()];
    for (int b = 0; b < from.length; b++) {
      place(rows.get(b), bundles.get(b), spans.get(b), from, lengths, b);
    }
    return join(key, bundles, from, lengths, padding, paddingId);
  }

  /** Which steps of a bundle belong to the span: its own clock's, all of them where it differs. */
  private static void place(
      Example row, Bundle bundle, Span span, int[] from, int[] lengths, int b) {
    if (bundle.time() == row.length()) {
      from[b] = span.from();
      lengths[b] = span.length();
    } else if (span.from() == 0 && span.to() == row.length()) {
      lengths[b] = bundle.time();
    } else {
      throw new IllegalArgumentException(
          ("steps [%d, %d) of a sequence of %d cannot be learned from alone:"
                  + " its target has %d steps of its own; take whole sequences")
              .formatted(span.from(), span.to(), row.length(), bundle.time()));
    }
  }

  private Bundle join(
      String key, List<Bundle> rows, int[] from, int[] lengths, float padding, int paddingId) {
    int time = Arrays.stream(lengths).max().orElse(0);
    Bundle first = rows.get(0);
    Bundle joined = null;
    for (String name : new TreeSet<>(first.parts().keySet())) {
      String buffer = key + "/" + name;
      Seq part =
          first.parts().get(name) instanceof FloatSeq seq
              ? floats(buffer, name, rows, from, lengths, time, seq.width(), padding)
              : ids(buffer, name, rows, from, lengths, time, paddingId);
      joined = joined == null ? Bundle.of(name, part) : joined.with(name, part);
    }
    for (String name : new TreeSet<>(first.sides().keySet())) {
      List<Bundle> sides = rows.stream().map(row -> row.side(name)).toList();
      int[] whole = sides.stream().mapToInt(Bundle::time).toArray();
      joined =
          joined.withSide(
              name, join(key + "/" + name, sides, new int[rows.size()], whole, padding, paddingId));
    }
    joined = masked(joined, rows, from, lengths, time);
    boolean equal = Arrays.stream(lengths).allMatch(length -> length == time);
    return equal ? joined : joined.withLengths(lengths);
  }

  /** Steps that are missing inside a sequence stay missing. */
  private static Bundle masked(
      Bundle joined, List<Bundle> rows, int[] from, int[] lengths, int time) {
    if (rows.stream().allMatch(Bundle::allReal)) {
      return joined;
    }
    int batch = rows.size();
    boolean[] mask = new boolean[time * batch];
    for (int b = 0; b < batch; b++) {
      for (int t = 0; t < lengths[b]; t++) {
        mask[t * batch + b] = rows.get(b).real(from[b] + t, 0);
      }
    }
    return joined.withMask(mask);
  }

  private FloatSeq floats(
      String buffer,
      String name,
      List<Bundle> rows,
      int[] from,
      int[] lengths,
      int time,
      int width,
      float padding) {
    int batch = rows.size();
    int size = time * batch * width;
    float[] data =
        floats.compute(
            buffer, (k, old) -> old == null || old.length < size ? new float[size] : old);
    Arrays.fill(data, 0, size, padding);
    for (int b = 0; b < batch; b++) {
      FloatSeq row = rows.get(b).floats(name);
      if (row.width() != width) {
        throw new IllegalArgumentException(
            "part '%s' is %d wide in one sequence and %d in another"
                .formatted(name, width, row.width()));
      }
      for (int t = 0; t < lengths[b]; t++) {
        System.arraycopy(row.data(), (from[b] + t) * width, data, (t * batch + b) * width, width);
      }
    }
    return new FloatSeq(time, batch, width, data);
  }

  private IntSeq ids(
      String buffer,
      String name,
      List<Bundle> rows,
      int[] from,
      int[] lengths,
      int time,
      int padding) {
    int batch = rows.size();
    int size = time * batch;
    int[] data =
        ids.compute(buffer, (k, old) -> old == null || old.length < size ? new int[size] : old);
    Arrays.fill(data, 0, size, padding);
    for (int b = 0; b < batch; b++) {
      int[] row = rows.get(b).ids(name).data();
      for (int t = 0; t < lengths[b]; t++) {
        data[t * batch + b] = row[from[b] + t];
      }
    }
    return new IntSeq(time, batch, data);
  }
}
