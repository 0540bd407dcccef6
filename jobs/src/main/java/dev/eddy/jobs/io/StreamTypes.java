package dev.eddy.jobs.io;

import java.lang.reflect.Type;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * The types of all streams of records. The records name their factory here ({@code @TypeInfo}), so
 * that Flink finds the type by itself wherever it extracts one from a function's signature.
 */
public final class StreamTypes {
  private StreamTypes() {}

  /** What comes from the events topic. */
  public static final TypeInformation<Parsed> PARSED =
      new StreamType<>(Parsed.class, ParsedSerializer.INSTANCE);

  /** Good events. */
  public static final TypeInformation<Parsed.Event> EVENT =
      new StreamType<>(Parsed.Event.class, EventSerializer.INSTANCE);

  /** Bad records. */
  public static final TypeInformation<Parsed.BadRecord> BAD_RECORD =
      new StreamType<>(Parsed.BadRecord.class, BadRecordSerializer.INSTANCE);

  /** Predictions. */
  public static final TypeInformation<Prediction> PREDICTION =
      new StreamType<>(Prediction.class, PredictionSerializer.INSTANCE);

  /** Late events. */
  public static final TypeInformation<LateEvent> LATE =
      new StreamType<>(LateEvent.class, LateEventSerializer.INSTANCE);

  /** Scores. */
  public static final TypeInformation<LiveScore> SCORE =
      new StreamType<>(LiveScore.class, LiveScoreSerializer.INSTANCE);

  /** Gives Flink {@link #PARSED}. */
  public static final class OfParsed extends TypeInfoFactory<Parsed> {
    @Override
    public TypeInformation<Parsed> createTypeInfo(
        Type type, Map<String, TypeInformation<?>> parameters) {
      return PARSED;
    }
  }

  /** Gives Flink {@link #EVENT}. */
  public static final class OfEvent extends TypeInfoFactory<Parsed.Event> {
    @Override
    public TypeInformation<Parsed.Event> createTypeInfo(
        Type type, Map<String, TypeInformation<?>> parameters) {
      return EVENT;
    }
  }

  /** Gives Flink {@link #BAD_RECORD}. */
  public static final class OfBadRecord extends TypeInfoFactory<Parsed.BadRecord> {
    @Override
    public TypeInformation<Parsed.BadRecord> createTypeInfo(
        Type type, Map<String, TypeInformation<?>> parameters) {
      return BAD_RECORD;
    }
  }

  /** Gives Flink {@link #PREDICTION}. */
  public static final class OfPrediction extends TypeInfoFactory<Prediction> {
    @Override
    public TypeInformation<Prediction> createTypeInfo(
        Type type, Map<String, TypeInformation<?>> parameters) {
      return PREDICTION;
    }
  }

  /** Gives Flink {@link #LATE}. */
  public static final class OfLateEvent extends TypeInfoFactory<LateEvent> {
    @Override
    public TypeInformation<LateEvent> createTypeInfo(
        Type type, Map<String, TypeInformation<?>> parameters) {
      return LATE;
    }
  }

  /** Gives Flink {@link #SCORE}. */
  public static final class OfLiveScore extends TypeInfoFactory<LiveScore> {
    @Override
    public TypeInformation<LiveScore> createTypeInfo(
        Type type, Map<String, TypeInformation<?>> parameters) {
      return SCORE;
    }
  }
}
