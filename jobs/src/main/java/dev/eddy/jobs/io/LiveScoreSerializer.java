package dev.eddy.jobs.io;

import dev.eddy.model.task.forecast.Score;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/**
 * Writes a score: entity (Flink string), time, origin (longs), warmup (boolean), model version,
 * count (ints), then doubles: mae, lastMae, as many seasonMae as the int before them, covered,
 * pinball.
 */
public final class LiveScoreSerializer extends StreamSerializer<LiveScore> {
  private static final long serialVersionUID = 1L;

  /** The only one needed. */
  public static final LiveScoreSerializer INSTANCE = new LiveScoreSerializer();

  private LiveScoreSerializer() {}

  @Override
  public void serialize(LiveScore live, DataOutputView out) throws IOException {
    Score score = live.score();
    StringValue.writeString(live.entity(), out);
    out.writeLong(live.time());
    out.writeLong(score.origin());
    out.writeBoolean(score.warmup());
    out.writeInt(score.modelVersion());
    out.writeInt(score.count());
    out.writeDouble(score.mae());
    out.writeDouble(score.lastMae());
    out.writeInt(score.seasonMae().length);
    for (double season : score.seasonMae()) {
      out.writeDouble(season);
    }
    out.writeDouble(score.covered());
    out.writeDouble(score.pinball());
  }

  @Override
  public LiveScore deserialize(DataInputView in) throws IOException {
    String entity = StringValue.readString(in);
    long time = in.readLong();
    Score score =
        new Score(
            in.readLong(),
            in.readBoolean(),
            in.readInt(),
            in.readInt(),
            in.readDouble(),
            in.readDouble(),
            readSeasons(in),
            in.readDouble(),
            in.readDouble());
    return new LiveScore(entity, time, score);
  }

  private static double[] readSeasons(DataInputView in) throws IOException {
    double[] seasons = new double[in.readInt()];
    for (int i = 0; i < seasons.length; i++) {
      seasons[i] = in.readDouble();
    }
    return seasons;
  }

  @Override
  public TypeSerializerSnapshot<LiveScore> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Marks this format; another format is another class. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<LiveScore> {
    /** For Flink, which makes it by reflection. */
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
