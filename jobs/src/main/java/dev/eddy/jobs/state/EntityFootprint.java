package dev.eddy.jobs.state;

import dev.eddy.model.kernel.PortableKernels;
import dev.eddy.model.net.Network;
import dev.eddy.model.task.forecast.Forecast;
import dev.eddy.model.task.forecast.ForecastNetwork;
import dev.eddy.model.task.forecast.ForecastSpec;
import dev.eddy.model.task.forecast.Forecaster;
import dev.eddy.model.task.forecast.Reading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * Bytes that one entity takes in a checkpoint once its ring and its pending forecasts are full, as
 * the serializers write them: without the backend's own keys and indexes. On the heap it is about
 * twice that.
 *
 * @param hot what is read and written at every event
 * @param ring the raw readings kept for re-warming
 * @param pending the forecasts that await their truth
 */
public record EntityFootprint(int hot, int ring, int pending) {
  private static final int SLOT_NUMBER = Integer.BYTES;

  /** The footprint of an entity under a task. */
  public static EntityFootprint of(ForecastSpec spec) {
    Network network = ForecastNetwork.build(spec);
    float[] weights = new float[network.weightCount()];
    Forecaster forecaster = new Forecaster(spec, network, weights, 1, 1, new PortableKernels());
    Forecast forecast = new Forecast(0, 0, false, 1, 1, new float[spec.outputWidth()]);
    return new EntityFootprint(
        size(EntityStateSerializer.INSTANCE, new EntityState(forecaster.newState())),
        spec.ring() * (SLOT_NUMBER + size(ReadingSerializer.INSTANCE, new Reading(0, 0))),
        spec.horizon() * (SLOT_NUMBER + size(ForecastSerializer.INSTANCE, forecast)));
  }

  /** All of it. */
  public int total() {
    return hot + ring + pending;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%,d bytes an entity in a checkpoint (%,d at every event, %,d ring, %,d pending forecasts)",
        total(),
        hot,
        ring,
        pending);
  }

  private static <T> int size(StateSerializer<T> serializer, T value) {
    DataOutputSerializer out = new DataOutputSerializer(256);
    try {
      serializer.serialize(value, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.length();
  }
}
