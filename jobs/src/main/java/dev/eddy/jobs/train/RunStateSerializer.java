package dev.eddy.jobs.train;

import dev.eddy.jobs.history.HistoryRange;
import dev.eddy.model.task.forecast.GateScore;
import dev.eddy.model.train.ScoreSum;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * Version 3 of a run's bytes: the parts of the state in order, each behind a mark whether it is
 * there; range and coordinators have formats of their own.
 */
final class RunStateSerializer implements SimpleVersionedSerializer<RunState> {
  /** How one part is written and read. */
  private interface Body {
    void write() throws IOException;
  }

  @Override
  public int getVersion() {
    return 3;
  }

  @Override
  public byte[] serialize(RunState state) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(1024);
    optional(out, state.range(), () -> state.range().write(out));
    optional(out, state.data(), () -> writeMap(out, state.data()));
    optional(out, state.train(), () -> writeBytes(out, state.train()));
    optional(out, state.gate(), () -> writeScore(out, state.gate()));
    optional(out, state.refit(), () -> writeBytes(out, state.refit()));
    optional(out, state.refitGate(), () -> writeScore(out, state.refitGate()));
    out.writeLong(state.dropped());
    return out.getCopyOfBuffer();
  }

  @Override
  public RunState deserialize(int version, byte[] bytes) throws IOException {
    Versions.check("A training run", version, getVersion());
    DataInputDeserializer in = new DataInputDeserializer(bytes);
    return new RunState(
        in.readBoolean() ? HistoryRange.read(in) : null,
        in.readBoolean() ? readMap(in) : null,
        in.readBoolean() ? readBytes(in) : null,
        in.readBoolean() ? readScore(in) : null,
        in.readBoolean() ? readBytes(in) : null,
        in.readBoolean() ? readScore(in) : null,
        in.readLong());
  }

  private static void optional(DataOutputSerializer out, Object part, Body body)
      throws IOException {
    out.writeBoolean(part != null);
    if (part != null) {
      body.write();
    }
  }

  private static void writeMap(DataOutputSerializer out, Map<String, String> map)
      throws IOException {
    out.writeInt(map.size());
    for (Map.Entry<String, String> entry : map.entrySet()) {
      out.writeUTF(entry.getKey());
      out.writeUTF(entry.getValue());
    }
  }

  private static Map<String, String> readMap(DataInputDeserializer in) throws IOException {
    Map<String, String> map = new LinkedHashMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      map.put(in.readUTF(), in.readUTF());
    }
    return map;
  }

  private static void writeBytes(DataOutputSerializer out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] readBytes(DataInputDeserializer in) throws IOException {
    byte[] bytes = new byte[length(in, Byte.BYTES)];
    in.readFully(bytes);
    return bytes;
  }

  private static void writeScore(DataOutputSerializer out, GateScore score) throws IOException {
    writeSum(out, score.model());
    optional(out, score.live(), () -> writeSum(out, score.live()));
  }

  private static GateScore readScore(DataInputDeserializer in) throws IOException {
    return new GateScore(readSum(in), in.readBoolean() ? readSum(in) : null);
  }

  private static void writeSum(DataOutputSerializer out, ScoreSum sum) throws IOException {
    out.writeLong(sum.count());
    out.writeInt(sum.sums().length);
    for (double one : sum.sums()) {
      out.writeDouble(one);
    }
  }

  private static ScoreSum readSum(DataInputDeserializer in) throws IOException {
    long count = in.readLong();
    double[] sums = new double[length(in, Double.BYTES)];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = in.readDouble();
    }
    return new ScoreSum(count, sums);
  }

  /** A length that the bytes which are left can hold. */
  private static int length(DataInputDeserializer in, int size) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available() / size) {
      throw new IOException(
          "a training run in this checkpoint is damaged: %d values in %d bytes"
              .formatted(length, in.available()));
    }
    return length;
  }
}
