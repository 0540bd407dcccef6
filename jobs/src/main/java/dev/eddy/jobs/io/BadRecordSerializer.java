package dev.eddy.jobs.io;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/**
 * Writes a bad record: key and value (count, bytes; -1 for null), length (int), sha256, reason and
 * detail (Flink strings), position.
 */
public final class BadRecordSerializer extends StreamSerializer<Parsed.BadRecord> {
  private static final long serialVersionUID = 1L;

  /** The only one needed. */
  public static final BadRecordSerializer INSTANCE = new BadRecordSerializer();

  private BadRecordSerializer() {}

  @Override
  public void serialize(Parsed.BadRecord bad, DataOutputView out) throws IOException {
    writeBytes(bad.key(), out);
    writeBytes(bad.value(), out);
    out.writeInt(bad.valueLength());
    StringValue.writeString(bad.sha256(), out);
    StringValue.writeString(bad.reason(), out);
    StringValue.writeString(bad.detail(), out);
    InputPositionSerializer.INSTANCE.serialize(bad.position(), out);
  }

  @Override
  public Parsed.BadRecord deserialize(DataInputView in) throws IOException {
    return new Parsed.BadRecord(
        readBytes(in),
        readBytes(in),
        in.readInt(),
        StringValue.readString(in),
        StringValue.readString(in),
        StringValue.readString(in),
        InputPositionSerializer.INSTANCE.deserialize(in));
  }

  private static void writeBytes(byte[] bytes, DataOutputView out) throws IOException {
    if (bytes == null) {
      out.writeInt(-1);
    } else {
      out.writeInt(bytes.length);
      out.write(bytes);
    }
  }

  private static byte[] readBytes(DataInputView in) throws IOException {
    int length = in.readInt();
    if (length < 0) {
      return null;
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }

  @Override
  public TypeSerializerSnapshot<Parsed.BadRecord> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Marks this format; another format is another class. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<Parsed.BadRecord> {
    /** For Flink, which makes it by reflection. */
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
