package dev.eddy.jobs.state;

import dev.eddy.model.task.forecast.ForecastState;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Writes the hot value. Version 1, big-endian, in this order: partition (int), offset (long), model
 * version (int), swap epoch, architecture, step, last time (longs), scale count, mean, squares
 * (doubles), base step, base time (longs), base count, mean, squares (doubles), hidden (count and
 * floats), recent (count and doubles).
 */
public final class EntityStateSerializer extends StateSerializer<EntityState> {
  private static final long serialVersionUID = 1L;

  /** The only one needed. */
  public static final EntityStateSerializer INSTANCE = new EntityStateSerializer();

  private EntityStateSerializer() {
    super(false);
  }

  @Override
  public EntityState copy(EntityState from) {
    ForecastState a = from.forecast;
    ForecastState b = new ForecastState();
    b.modelVersion = a.modelVersion;
    b.swapEpoch = a.swapEpoch;
    b.architecture = a.architecture;
    b.step = a.step;
    b.lastTime = a.lastTime;
    b.scaleCount = a.scaleCount;
    b.scaleMean = a.scaleMean;
    b.scaleSquares = a.scaleSquares;
    b.baseStep = a.baseStep;
    b.baseTime = a.baseTime;
    b.baseCount = a.baseCount;
    b.baseMean = a.baseMean;
    b.baseSquares = a.baseSquares;
    b.hidden = a.hidden.clone();
    b.recent = a.recent.clone();
    return new EntityState(b, from.partition, from.offset);
  }

  @Override
  public void serialize(EntityState state, DataOutputView out) throws IOException {
    ForecastState f = state.forecast;
    out.writeInt(state.partition);
    out.writeLong(state.offset);
    out.writeInt(f.modelVersion);
    out.writeLong(f.swapEpoch);
    out.writeLong(f.architecture);
    out.writeLong(f.step);
    out.writeLong(f.lastTime);
    out.writeDouble(f.scaleCount);
    out.writeDouble(f.scaleMean);
    out.writeDouble(f.scaleSquares);
    out.writeLong(f.baseStep);
    out.writeLong(f.baseTime);
    out.writeDouble(f.baseCount);
    out.writeDouble(f.baseMean);
    out.writeDouble(f.baseSquares);
    Floats.write(f.hidden, out);
    Floats.write(f.recent, out);
  }

  @Override
  public EntityState deserialize(DataInputView in) throws IOException {
    int partition = in.readInt();
    long offset = in.readLong();
    ForecastState f = new ForecastState();
    f.modelVersion = in.readInt();
    f.swapEpoch = in.readLong();
    f.architecture = in.readLong();
    f.step = in.readLong();
    f.lastTime = in.readLong();
    f.scaleCount = in.readDouble();
    f.scaleMean = in.readDouble();
    f.scaleSquares = in.readDouble();
    f.baseStep = in.readLong();
    f.baseTime = in.readLong();
    f.baseCount = in.readDouble();
    f.baseMean = in.readDouble();
    f.baseSquares = in.readDouble();
    f.hidden = Floats.read(in);
    f.recent = Floats.readDoubles(in);
    return new EntityState(f, partition, offset);
  }

  @Override
  public TypeSerializerSnapshot<EntityState> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Marks entity states of version 1. */
  public static final class Snapshot extends StateSnapshot<EntityState> {
    /** For Flink, which makes it by reflection. */
    public Snapshot() {
      super("the entity state", 1, () -> INSTANCE);
    }
  }
}
