package dev.eddy.jobs.history;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Which records of the events topic a run sees: fixed when it first starts, kept in the
 * enumerator's state, so that a restarted run sees the same ones.
 *
 * @param topic the events topic
 * @param partitions its partitions, in order
 */
public record HistoryRange(String topic, List<Part> partitions) implements Serializable {

  /**
   * One partition's part.
   *
   * @param partition number of the partition
   * @param start first offset
   * @param end the offset after the last
   */
  public record Part(int partition, long start, long end) implements Serializable {}

  /** Offsets in it; a few of them may hold no record (compaction, transaction markers). */
  public long size() {
    return partitions.stream().mapToLong(part -> part.end() - part.start()).sum();
  }

  /** Writes it, for checkpoints. */
  public void write(DataOutput out) throws IOException {
    out.writeUTF(topic);
    out.writeInt(partitions.size());
    for (Part part : partitions) {
      out.writeInt(part.partition());
      out.writeLong(part.start());
      out.writeLong(part.end());
    }
  }

  /** Reads what {@link #write} wrote. */
  public static HistoryRange read(DataInput in) throws IOException {
    String topic = in.readUTF();
    int count = in.readInt();
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parts.add(new Part(in.readInt(), in.readLong(), in.readLong()));
    }
    return new HistoryRange(topic, List.copyOf(parts));
  }
}
