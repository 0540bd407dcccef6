package dev.eddy.model.seq;

/**
 * A batch of float sequences, time-major: {@code data[(t * B + b) * F + f]}, so that one time step
 * is one contiguous matrix {@code [B][F]}.
 *
 * @param time T, the number of time steps
 * @param batch B, the number of sequences
 * @param width F, the number of values in a step
 * @param data the values, at least {@code T * B * F} long
 */
public record FloatSeq(int time, int batch, int width, float[] data)
    implements Seq { // data [T][B][F]

  /** Checks that {@code data} holds the whole sequence. */
  public FloatSeq {
    if (time < 0 || batch < 0 || width < 0 || data.length < (long) time * batch * width) {
      throw new IllegalArgumentException(
          "FloatSeq [T=%d][B=%d][F=%d] needs %d floats, got %d"
              .formatted(time, batch, width, (long) time * batch * width, data.length));
    }
  }

  /** A sequence of zeros. */
  public static FloatSeq zeros(int time, int batch, int width) {
    return new FloatSeq(time, batch, width, new float[time * batch * width]);
  }

  /** Where step {@code t} of sequence {@code b} begins in {@link #data}. */
  public int at(int t, int b) {
    return (t * batch + b) * width;
  }
}
