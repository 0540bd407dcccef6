package dev.eddy.jobs.train;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.RpcOptions;

/**
 * Weights and moments on their way between enumerator and readers, in parts of a fixed size: Flink
 * drops a message above its frame size with no more than a line in a log, and the run would hang.
 * The parts of an array come before the message that is about it, and in order (Flink keeps the
 * order between two ends).
 *
 * <p>An instance puts arrays together again. Parts are known by their address, so that those of an
 * array that a failed reader had begun to send are written over by its successor's, which are the
 * same. Not thread-safe.
 */
final class Parts {
  /** 1 MiB: small enough for any sensible frame, large enough for most models to go in one. */
  static final int FLOATS = 1 << 18;

  /** What one message takes at most: a part, or a record of the output, and what is around it. */
  static final long MESSAGE_BYTES = FLOATS * (long) Float.BYTES * 5 / 4;

  /** In the address of what all shards of a reader share. */
  static final int ALL = -1;

  /** In the address of what is scored by the gate. */
  static final int GATE = -1;

  /** What an array holds. */
  enum Content {
    WEIGHTS,
    MOMENTS
  }

  /**
   * Which array.
   *
   * @param round of the stage, or {@link #GATE}
   * @param shard whose, or {@link #ALL}
   */
  record Address(Stage stage, int round, int shard, Content content) implements Serializable {}

  /**
   * A piece of an array.
   *
   * @param at where it begins
   * @param length of the whole array
   */
  record Part(Address address, int at, int length, float[] floats) implements SourceEvent {}

  private static final class Whole {
    final float[] floats;
    int received;

    Whole(int length) {
      floats = new float[length];
    }
  }

  private final Map<Address, Whole> wholes = new HashMap<>();

  /** Sends an array; nothing for an empty one. floats: Not modified, and not copied where short. */
  static void send(Address address, float[] floats, Consumer<SourceEvent> to) {
    for (int at = 0; at < floats.length; at += FLOATS) {
      int end = Math.min(floats.length, at + FLOATS);
      boolean all = at == 0 && end == floats.length;
      to.accept(
          new Part(address, at, floats.length, all ? floats : Arrays.copyOfRange(floats, at, end)));
    }
  }

  /**
   * Takes in a part.
   *
   * @throws IllegalStateException if it does not continue what has come of its array
   */
  void add(Part part) {
    Whole whole =
        part.at() == 0
            ? new Whole(part.length()) // the first part again: a sender that begins anew
            : wholes.get(part.address());
    if (whole == null
        || part.at() != whole.received
        || part.length() != whole.floats.length
        || part.floats().length > part.length() - part.at()) {
      throw new IllegalStateException(
          "a part at %d of %s does not continue what came before it"
              .formatted(part.at(), part.address()));
    }
    System.arraycopy(part.floats(), 0, whole.floats, part.at(), part.floats().length);
    whole.received += part.floats().length;
    wholes.put(part.address(), whole);
  }

  /**
   * The array at an address, which is forgotten; empty if no part of it has come.
   *
   * @throws IllegalStateException if it has come in part
   */
  float[] take(Address address) {
    Whole whole = wholes.remove(address);
    if (whole == null) {
      return new float[0];
    }
    if (whole.received < whole.floats.length) {
      throw new IllegalStateException(
          "only %,d of %,d floats of %s have come"
              .formatted(whole.received, whole.floats.length, address));
    }
    return whole.floats;
  }

  /** Forgets everything. */
  void clear() {
    wholes.clear();
  }

  /**
   * Why messages do not fit a Flink's frames; null where they do.
   *
   * @param where whose configuration it is, for the message
   */
  static String misfit(ReadableConfig flink, String where) {
    long frame = MemorySize.parseBytes(flink.get(RpcOptions.FRAMESIZE));
    return frame >= MESSAGE_BYTES
        ? null
        : "%s = %,d bytes in the configuration of %s: training needs at least %,d; raise it, in the configuration of the cluster and of this command"
            .formatted(RpcOptions.FRAMESIZE.key(), frame, where, MESSAGE_BYTES);
  }
}
