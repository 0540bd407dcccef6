package dev.eddy.jobs.io;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** Writes where a record stood: topic (Flink string), partition (int), offset (long). */
public final class InputPositionSerializer extends StreamSerializer<InputPosition> {
  private static final long serialVersionUID = 1L;

  /** The only one needed. */
  public static final InputPositionSerializer INSTANCE = new InputPositionSerializer();

  private InputPositionSerializer() {}

  @Override
  public void serialize(InputPosition position, DataOutputView out) throws IOException {
    StringValue.writeString(position.topic(), out);
    out.writeInt(position.partition());
    out.writeLong(position.offset());
  }

  @Override
  public InputPosition deserialize(DataInputView in) throws IOException {
    return new InputPosition(StringValue.readString(in), in.readInt(), in.readLong());
  }

  @Override
  public TypeSerializerSnapshot<InputPosition> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Marks this format; another format is another class. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<InputPosition> {
    /** For Flink, which makes it by reflection. */
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
