package dev.eddy.jobs.io;

import dev.eddy.model.task.forecast.Forecast;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/**
 * Writes a prediction: entity (Flink string), origin, step (longs), warmup (boolean), model version
 * (int), swap epoch (long), count (int) and quantiles (float bits), model (Flink string), position.
 */
public final class PredictionSerializer extends StreamSerializer<Prediction> {
  private static final long serialVersionUID = 1L;

  /** The only one needed. */
  public static final PredictionSerializer INSTANCE = new PredictionSerializer();

  private PredictionSerializer() {}

  @Override
  public void serialize(Prediction prediction, DataOutputView out) throws IOException {
    Forecast forecast = prediction.forecast();
    StringValue.writeString(prediction.entity(), out);
    out.writeLong(forecast.origin());
    out.writeLong(forecast.step());
    out.writeBoolean(forecast.warmup());
    out.writeInt(forecast.modelVersion());
    out.writeLong(forecast.swapEpoch());
    out.writeInt(forecast.quantiles().length);
    for (float quantile : forecast.quantiles()) {
      out.writeFloat(quantile);
    }
    StringValue.writeString(prediction.model(), out);
    InputPositionSerializer.INSTANCE.serialize(prediction.input(), out);
  }

  @Override
  public Prediction deserialize(DataInputView in) throws IOException {
    String entity = StringValue.readString(in);
    Forecast forecast =
        new Forecast(
            in.readLong(),
            in.readLong(),
            in.readBoolean(),
            in.readInt(),
            in.readLong(),
            readQuantiles(in));
    return new Prediction(
        entity,
        forecast,
        StringValue.readString(in),
        InputPositionSerializer.INSTANCE.deserialize(in));
  }

  private static float[] readQuantiles(DataInputView in) throws IOException {
    float[] quantiles = new float[in.readInt()];
    for (int i = 0; i < quantiles.length; i++) {
      quantiles[i] = in.readFloat();
    }
    return quantiles;
  }

  @Override
  public TypeSerializerSnapshot<Prediction> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Marks this format; another format is another class. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<Prediction> {
    /** For Flink, which makes it by reflection. */
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
