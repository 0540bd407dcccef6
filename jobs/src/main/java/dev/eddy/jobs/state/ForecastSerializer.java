package dev.eddy.jobs.state;

import dev.eddy.model.task.forecast.Forecast;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Writes a slot of pending forecasts. Version 1: origin (long), step (long), warmup (boolean),
 * model version (int), swap epoch (long), count (int), then as many quantiles (float): 33 bytes and
 * 4 for each of H * Q floats.
 *
 * <p>A forecast counts as immutable: nobody writes into its quantiles once it is made.
 */
public final class ForecastSerializer extends StateSerializer<Forecast> {
  private static final long serialVersionUID = 1L;

  /** The only one needed. */
  public static final ForecastSerializer INSTANCE = new ForecastSerializer();

  private ForecastSerializer() {
    super(true);
  }

  @Override
  public void serialize(Forecast forecast, DataOutputView out) throws IOException {
    out.writeLong(forecast.origin());
    out.writeLong(forecast.step());
    out.writeBoolean(forecast.warmup());
    out.writeInt(forecast.modelVersion());
    out.writeLong(forecast.swapEpoch());
    Floats.write(forecast.quantiles(), out);
  }

  @Override
  public Forecast deserialize(DataInputView in) throws IOException {
    return new Forecast(
        in.readLong(),
        in.readLong(),
        in.readBoolean(),
        in.readInt(),
        in.readLong(),
        Floats.read(in));
  }

  @Override
  public TypeSerializerSnapshot<Forecast> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Marks pending forecasts of version 1. */
  public static final class Snapshot extends StateSnapshot<Forecast> {
    /** For Flink, which makes it by reflection. */
    public Snapshot() {
      super("the pending forecasts", 1, () -> INSTANCE);
    }
  }
}
