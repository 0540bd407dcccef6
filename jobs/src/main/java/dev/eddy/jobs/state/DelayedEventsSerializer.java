package dev.eddy.jobs.state;

import dev.eddy.jobs.io.InputPosition;
import dev.eddy.jobs.io.Parsed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/**
 * Writes the events that wait. Version 1: count (int), then for each: entity (Flink string), time
 * (long), value (double), topic (Flink string), partition (int), offset (long). The entity is the
 * key of the state and could be left out; it is kept because the buffer is small and an event that
 * is whole needs no key to be read.
 */
public final class DelayedEventsSerializer extends StateSerializer<DelayedEvents> {
  private static final long serialVersionUID = 1L;

  /** The only one needed. */
  public static final DelayedEventsSerializer INSTANCE = new DelayedEventsSerializer();

  private DelayedEventsSerializer() {
    super(false);
  }

  @Override
  public DelayedEvents copy(DelayedEvents from) {
    return new DelayedEvents(new ArrayList<>(from.events));
  }

  @Override
  public void serialize(DelayedEvents delayed, DataOutputView out) throws IOException {
    out.writeInt(delayed.events.size());
    for (Parsed.Event event : delayed.events) {
      StringValue.writeString(event.entity(), out);
      out.writeLong(event.time());
      out.writeDouble(event.value());
      StringValue.writeString(event.position().topic(), out);
      out.writeInt(event.position().partition());
      out.writeLong(event.position().offset());
    }
  }

  @Override
  public DelayedEvents deserialize(DataInputView in) throws IOException {
    int count = in.readInt();
    List<Parsed.Event> events = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      events.add(
          new Parsed.Event(
              StringValue.readString(in),
              in.readLong(),
              in.readDouble(),
              new InputPosition(StringValue.readString(in), in.readInt(), in.readLong())));
    }
    return new DelayedEvents(events);
  }

  @Override
  public TypeSerializerSnapshot<DelayedEvents> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Marks delayed events of version 1. */
  public static final class Snapshot extends StateSnapshot<DelayedEvents> {
    /** For Flink, which makes it by reflection. */
    public Snapshot() {
      super("the delayed events", 1, () -> INSTANCE);
    }
  }
}
