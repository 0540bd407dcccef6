package dev.eddy.model.data;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.IntSeq;
import java.util.Arrays;
import java.util.List;

/**
 * What a decoder is trained on: at each step it is given the right token of the step before
 * (Williams and Zipser 1989), a start id first, and shall give the right token of this one, an end
 * id last.
 *
 * <pre>
 * sequence           7     3     9
 * input      start   7     3     9
 * target     7       3     9     end
 * </pre>
 *
 * @param input the ids that the decoder is given, with lengths; {@code end} in the padding
 * @param target the ids that it shall give, with lengths; {@link #UNKNOWN} in the padding
 */
public record TeacherForcing(Bundle input, Bundle target) {
  /** The id of a target that is not known. */
  public static final int UNKNOWN = -1;

  /**
   * Shifts a batch.
   *
   * @param sequences ids without start and end, of any lengths. Not modified
   * @param start the id that a decoder is given first
   * @param end the id that it shall give last
   * @throws IllegalArgumentException if start or end are no ids, or a sequence holds the end id
   */
  public static TeacherForcing of(List<int[]> sequences, int start, int end) {
    if (start < 0 || end < 0) {
      throw new IllegalArgumentException(
          "start and end must be ids from 0 on, got %d and %d".formatted(start, end));
    }
    int batch = sequences.size();
    int[] lengths = sequences.stream().mapToInt(ids -> ids.length + 1).toArray();
    int time = Arrays.stream(lengths).max().orElse(0);
    int[] input = new int[time * batch];
    int[] target = new int[time * batch];
    Arrays.fill(input, end);
    Arrays.fill(target, UNKNOWN);
    for (int b = 0; b < batch; b++) {
      int[] ids = sequences.get(b);
      input[b] = start;
      for (int t = 0; t < ids.length; t++) {
        if (ids[t] == end || ids[t] < 0) {
          throw new IllegalArgumentException(
              "sequence %d holds %d at step %d: ids are from 0 on and not the end's, %d"
                  .formatted(b, ids[t], t, end));
        }
        target[t * batch + b] = ids[t];
        input[(t + 1) * batch + b] = ids[t];
      }
      target[ids.length * batch + b] = end;
    }
    return new TeacherForcing(
        Bundle.of(Bundle.MAIN, new IntSeq(time, batch, input)).withLengths(lengths),
        Bundle.of(Bundle.MAIN, new IntSeq(time, batch, target)).withLengths(lengths));
  }
}
