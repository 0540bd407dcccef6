package dev.eddy.model.seq;

/**
 * A batch of sequences of integer ids, time-major: {@code data[t * B + b]}.
 *
 * @param time T, the number of time steps
 * @param batch B, the number of sequences
 * @param data the ids, at least {@code T * B} long
 */
public record IntSeq(int time, int batch, int[] data) implements Seq { // data [T][B]

  /** Checks that {@code data} holds the whole sequence. */
  public IntSeq {
    if (time < 0 || batch < 0 || data.length < (long) time * batch) {
      throw new IllegalArgumentException(
          "IntSeq [T=%d][B=%d] needs %d ids, got %d"
              .formatted(time, batch, (long) time * batch, data.length));
    }
  }
}
