package dev.eddy.jobs.history;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Which part of the past a run sees: fixed when it first starts, kept in the enumerator's state, so
 * that a restarted run sees the same.
 */
public sealed interface HistoryRange extends Serializable {
  /** First byte of a range's bytes. */
  byte TOPIC = 1;

  /** First byte of a range's bytes. */
  byte FILES = 2;

  /** Where it lies, for messages. */
  String where();

  /** How much it is, for messages. */
  String extent();

  /** Writes it, for checkpoints. */
  void write(DataOutput out) throws IOException;

  /** Reads what {@link #write} wrote. */
  static HistoryRange read(DataInput in) throws IOException {
    byte kind = in.readByte();
    return switch (kind) {
      case TOPIC -> Topic.readRest(in);
      case FILES -> Files.readRest(in);
      default ->
          throw new IOException(
              "a training run's history is of kind %d, this build of Eddy knows %d (a topic) and %d (files): train anew, or restore with the build that wrote it"
                  .formatted(kind, TOPIC, FILES));
    };
  }

  /**
   * Records of a topic.
   *
   * @param topic the events topic
   * @param partitions its partitions, in order
   */
  record Topic(String topic, List<Part> partitions) implements HistoryRange {
    /** Keeps a copy. */
    public Topic {
      partitions = List.copyOf(partitions);
    }

    /** Offsets in it; a few of them may hold no record (compaction, transaction markers). */
    public long size() {
      return partitions.stream().mapToLong(part -> part.end() - part.start()).sum();
    }

    @Override
    public String where() {
      return "topic '" + topic + "'";
    }

    @Override
    public String extent() {
      return "up to %d records of %s".formatted(size(), topic);
    }

    @Override
    public void write(DataOutput out) throws IOException {
      out.writeByte(TOPIC);
      out.writeUTF(topic);
      out.writeInt(partitions.size());
      for (Part part : partitions) {
        out.writeInt(part.partition());
        out.writeLong(part.start());
        out.writeLong(part.end());
      }
    }

    private static Topic readRest(DataInput in) throws IOException {
      String topic = in.readUTF();
      int count = in.readInt();
      List<Part> parts = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        parts.add(new Part(in.readInt(), in.readLong(), in.readLong()));
      }
      return new Topic(topic, parts);
    }
  }

  /**
   * One partition's part.
   *
   * @param partition number of the partition
   * @param start first offset
   * @param end the offset after the last
   */
  record Part(int partition, long start, long end) implements Serializable {}

  /**
   * Files, with what tells that they are still the same.
   *
   * @param files in the order in which they are read
   */
  record Files(List<FilePart> files) implements HistoryRange {
    /** Keeps a copy. */
    public Files {
      files = List.copyOf(files);
    }

    @Override
    public String where() {
      String first = files.get(0).path();
      return files.size() == 1
          ? "file " + first
          : "%d files from %s to %s"
              .formatted(files.size(), first, files.get(files.size() - 1).path());
    }

    @Override
    public String extent() {
      return "%d bytes in %d files"
          .formatted(files.stream().mapToLong(FilePart::length).sum(), files.size());
    }

    /** Of every name only what differs from the one before: they come in order, and are many. */
    @Override
    public void write(DataOutput out) throws IOException {
      out.writeByte(FILES);
      out.writeInt(files.size());
      String before = "";
      for (FilePart file : files) {
        int shared = shared(before, file.path());
        out.writeInt(shared);
        out.writeUTF(file.path().substring(shared));
        out.writeLong(file.length());
        out.writeLong(file.modified());
        before = file.path();
      }
    }

    private static int shared(String a, String b) {
      int shared = 0;
      while (shared < Math.min(a.length(), b.length()) && a.charAt(shared) == b.charAt(shared)) {
        shared++;
      }
      return shared;
    }

    private static Files readRest(DataInput in) throws IOException {
      int count = in.readInt();
      List<FilePart> files = new ArrayList<>();
      String before = "";
      for (int i = 0; i < count; i++) {
        before = before.substring(0, in.readInt()) + in.readUTF();
        files.add(new FilePart(before, in.readLong(), in.readLong()));
      }
      return new Files(files);
    }
  }

  /**
   * One file.
   *
   * @param path its URI
   * @param length in bytes
   * @param modified when it was last changed, epoch milliseconds
   */
  record FilePart(String path, long length, long modified) implements Serializable {}
}
