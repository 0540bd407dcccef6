package dev.eddy.jobs.io;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;

/** What the records of each output topic look like: key, value, headers. */
final class Encoders {
  private Encoders() {}

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Keyed by entity; headers {@code model-name}, {@code model-version}. */
  static final class OfPrediction implements OutputRecord.Encoder<Prediction> {
    private static final long serialVersionUID = 1L;

    private final PredictionFormat format;

    OfPrediction(PredictionFormat format) {
      this.format = format;
    }

    @Override
    public byte[] key(Prediction prediction) {
      return bytes(prediction.entity());
    }

    @Override
    public byte[] value(Prediction prediction) {
      return format.write(prediction);
    }

    @Override
    public void headers(Prediction prediction, Headers headers) {
      OutputRecord.header(headers, "model-name", prediction.model());
      OutputRecord.header(headers, "model-version", prediction.forecast().modelVersion());
    }
  }

  /** Keyed by entity; header {@code model-version}. */
  static final class OfScore implements OutputRecord.Encoder<LiveScore> {
    private static final long serialVersionUID = 1L;

    @Override
    public byte[] key(LiveScore live) {
      return bytes(live.entity());
    }

    @Override
    public byte[] value(LiveScore live) {
      return ScoreFormat.write(live);
    }

    @Override
    public void headers(LiveScore live, Headers headers) {
      OutputRecord.header(headers, "model-version", live.score().modelVersion());
    }
  }

  /** Keyed by entity; headers {@code reason}, {@code topic}, {@code partition}, {@code offset}. */
  static final class OfLate implements OutputRecord.Encoder<LateEvent> {
    private static final long serialVersionUID = 1L;

    @Override
    public byte[] key(LateEvent late) {
      return bytes(late.event().entity());
    }

    @Override
    public byte[] value(LateEvent late) {
      return LateFormat.write(late);
    }

    @Override
    public void headers(LateEvent late, Headers headers) {
      OutputRecord.header(headers, "reason", "late");
      OutputRecord.position(headers, late.event().position());
    }
  }

  /**
   * Key and value as they came; headers {@code reason}, {@code detail}, {@code topic}, {@code
   * partition}, {@code offset}, and where the value was cut its original {@code length} and {@code
   * sha256}.
   */
  static final class OfBadRecord implements OutputRecord.Encoder<Parsed.BadRecord> {
    private static final long serialVersionUID = 1L;

    @Override
    public byte[] key(Parsed.BadRecord bad) {
      return bad.key();
    }

    @Override
    public byte[] value(Parsed.BadRecord bad) {
      return bad.value();
    }

    @Override
    public void headers(Parsed.BadRecord bad, Headers headers) {
      OutputRecord.header(headers, "reason", bad.reason());
      OutputRecord.header(headers, "detail", bad.detail());
      OutputRecord.position(headers, bad.position());
      if (bad.sha256() != null) {
        OutputRecord.header(headers, "length", bad.valueLength());
        OutputRecord.header(headers, "sha256", bad.sha256());
      }
    }
  }
}
