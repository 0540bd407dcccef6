package dev.eddy.jobs.io;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** Writes an event: entity (Flink string), time (long), value (double bits), position. */
public final class EventSerializer extends StreamSerializer<Parsed.Event> {
  private static final long serialVersionUID = 1L;

  /** The only one needed. */
  public static final EventSerializer INSTANCE = new EventSerializer();

  private EventSerializer() {}

  @Override
  public void serialize(Parsed.Event event, DataOutputView out) throws IOException {
    StringValue.writeString(event.entity(), out);
    out.writeLong(event.time());
    out.writeDouble(event.value());
    InputPositionSerializer.INSTANCE.serialize(event.position(), out);
  }

  @Override
  public Parsed.Event deserialize(DataInputView in) throws IOException {
    return new Parsed.Event(
        StringValue.readString(in),
        in.readLong(),
        in.readDouble(),
        InputPositionSerializer.INSTANCE.deserialize(in));
  }

  @Override
  public TypeSerializerSnapshot<Parsed.Event> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Marks this format; another format is another class. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<Parsed.Event> {
    /** For Flink, which makes it by reflection. */
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
