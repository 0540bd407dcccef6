package dev.eddy.jobs.state;

import dev.eddy.model.task.forecast.Reading;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Writes a slot of the ring. Version 1, 16 bytes: time (long), value (double, NaN where missing).
 */
public final class ReadingSerializer extends StateSerializer<Reading> {
  private static final long serialVersionUID = 1L;

  /** The only one needed. */
  public static final ReadingSerializer INSTANCE = new ReadingSerializer();

  private ReadingSerializer() {
    super(true);
  }

  @Override
  public void serialize(Reading reading, DataOutputView out) throws IOException {
    out.writeLong(reading.time());
    out.writeDouble(reading.value());
  }

  @Override
  public Reading deserialize(DataInputView in) throws IOException {
    return new Reading(in.readLong(), in.readDouble());
  }

  @Override
  public TypeSerializerSnapshot<Reading> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Marks ring slots of version 1. */
  public static final class Snapshot extends StateSnapshot<Reading> {
    /** For Flink, which makes it by reflection. */
    public Snapshot() {
      super("the ring of readings", 1, () -> INSTANCE);
    }
  }
}
