package dev.eddy.jobs.io;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes a late event: the event, then the last applied time (long). */
public final class LateEventSerializer extends StreamSerializer<LateEvent> {
  private static final long serialVersionUID = 1L;

  /** The only one needed. */
  public static final LateEventSerializer INSTANCE = new LateEventSerializer();

  private LateEventSerializer() {}

  @Override
  public void serialize(LateEvent late, DataOutputView out) throws IOException {
    EventSerializer.INSTANCE.serialize(late.event(), out);
    out.writeLong(late.lastTime());
  }

  @Override
  public LateEvent deserialize(DataInputView in) throws IOException {
    return new LateEvent(EventSerializer.INSTANCE.deserialize(in), in.readLong());
  }

  @Override
  public TypeSerializerSnapshot<LateEvent> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Marks this format; another format is another class. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<LateEvent> {
    /** For Flink, which makes it by reflection. */
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
