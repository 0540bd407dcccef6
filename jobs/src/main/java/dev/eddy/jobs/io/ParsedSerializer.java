package dev.eddy.jobs.io;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes what came from the events topic: 0 (byte) and an event, or 1 and a bad record. */
public final class ParsedSerializer extends StreamSerializer<Parsed> {
  private static final long serialVersionUID = 1L;

  /** The only one needed. */
  public static final ParsedSerializer INSTANCE = new ParsedSerializer();

  private ParsedSerializer() {}

  @Override
  public void serialize(Parsed parsed, DataOutputView out) throws IOException {
    if (parsed instanceof Parsed.Event event) {
      out.writeByte(0);
      EventSerializer.INSTANCE.serialize(event, out);
    } else if (parsed instanceof Parsed.BadRecord bad) {
      out.writeByte(1);
      BadRecordSerializer.INSTANCE.serialize(bad, out);
    } else {
      throw new IOException("neither an event nor a bad record: " + parsed);
    }
  }

  @Override
  public Parsed deserialize(DataInputView in) throws IOException {
    byte kind = in.readByte();
    return switch (kind) {
      case 0 -> EventSerializer.INSTANCE.deserialize(in);
      case 1 -> BadRecordSerializer.INSTANCE.deserialize(in);
      default ->
          throw new IOException(
              "a parsed record begins with 0 or 1, not " + kind + ": written by another build");
    };
  }

  @Override
  public TypeSerializerSnapshot<Parsed> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Marks this format; another format is another class. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<Parsed> {
    /** For Flink, which makes it by reflection. */
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
