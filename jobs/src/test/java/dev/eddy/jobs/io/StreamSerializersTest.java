package dev.eddy.jobs.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.jobs.registry.ModelRecord;
import dev.eddy.jobs.registry.ModelRecordSerializer;
import dev.eddy.jobs.registry.ModelRef;
import dev.eddy.model.task.forecast.Forecast;
import dev.eddy.model.task.forecast.Score;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is asked of every stream serializer: the same bits back, copies in memory and of bytes, and
 * a snapshot that restores it.
 */
class StreamSerializersTest {
  private static final InputPosition POSITION = new InputPosition("load.events", 7, 1L << 40);
  private static final Parsed.Event EVENT =
      new Parsed.Event("mètre <1>\u0000", -5, Double.NaN, POSITION);
  private static final Parsed.BadRecord BAD =
      new Parsed.BadRecord(
          null, new byte[] {1, -1}, 5 << 20, "ab", "too-large", "detail", POSITION);
  private static final ModelRef REF = new ModelRef("load", 3, 9, "0f".repeat(32), 1234, 0, 17);

  /** A type and values that must survive. */
  private record Case(TypeInformation<?> type, List<?> values) {
    @Override
    public String toString() {
      return type.toString();
    }
  }

  static Stream<Case> cases() {
    Forecast forecast =
        new Forecast(1, 2, true, 3, 4L << 33, new float[] {1.1f, -0f, Float.NaN, Float.MIN_VALUE});
    Score score = new Score(1, true, 2, 24, 0.1, 0.2, new double[] {0.3, Double.NaN}, 0.9, 0.05);
    return Stream.of(
        new Case(StreamTypes.EVENT, List.of(EVENT, new Parsed.Event("", 0, -0.0, POSITION))),
        new Case(
            StreamTypes.BAD_RECORD,
            List.of(BAD, new Parsed.BadRecord(new byte[0], null, 0, null, "empty", "", POSITION))),
        new Case(StreamTypes.PARSED, List.of(EVENT, BAD)),
        new Case(StreamTypes.PREDICTION, List.of(new Prediction("m", forecast, "load", POSITION))),
        new Case(StreamTypes.LATE, List.of(new LateEvent(EVENT, Long.MAX_VALUE))),
        new Case(StreamTypes.SCORE, List.of(new LiveScore("m", 5, score))),
        new Case(
            ModelRecordSerializer.TYPE,
            List.of(
                new ModelRecord.Published(REF),
                new ModelRecord.Pointed("load", 3, 9, "", List.of()),
                new ModelRecord.Pointed("load", 3, 9, "0f".repeat(32), List.of(2, 1)),
                new ModelRecord.Retired("load", 2))));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void givesTheSameBack(Case given) throws Exception {
    check(given.type(), given.values());
  }

  @SuppressWarnings("unchecked")
  private static <T> void check(TypeInformation<T> type, List<?> values) throws Exception {
    TypeSerializer<T> serializer = type.createSerializer(new SerializerConfigImpl());
    DataOutputSerializer out = new DataOutputSerializer(64);
    for (Object value : values) {
      serializer.serialize((T) value, out);
    }
    byte[] bytes = out.getCopyOfBuffer();

    DataInputDeserializer in = new DataInputDeserializer(bytes);
    DataInputDeserializer copied = new DataInputDeserializer(bytes);
    DataOutputSerializer copy = new DataOutputSerializer(64);
    for (Object value : values) {
      T read = serializer.deserialize(in);
      same(read, value);
      same(serializer.copy(read), value);
      serializer.copy(copied, copy);
    }
    assertThat(in.available()).isZero();
    assertThat(copy.getCopyOfBuffer()).isEqualTo(bytes);

    assertThat(InstantiationUtil.clone(type)).isEqualTo(type).hasSameHashCodeAs(type);
    assertThat(InstantiationUtil.clone(serializer)).isEqualTo(serializer);
    assertThat(serializer.duplicate()).isEqualTo(serializer);
    assertThat(serializer.getLength()).isEqualTo(-1);
    restored(serializer);
  }

  /**
   * Recursively, because arrays in records are compared by identity; NaN is as good a number as
   * any.
   */
  private static void same(Object actual, Object expected) {
    assertThat(actual)
        .usingRecursiveComparison()
        .withEqualsForType(Double::equals, Double.class)
        .withEqualsForType(Float::equals, Float.class)
        .isEqualTo(expected);
  }

  private static <T> void restored(TypeSerializer<T> serializer) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    TypeSerializerSnapshot.writeVersionedSnapshot(out, serializer.snapshotConfiguration());
    TypeSerializerSnapshot<T> snapshot =
        TypeSerializerSnapshot.readVersionedSnapshot(
            new DataInputDeserializer(out.getCopyOfBuffer()),
            StreamSerializersTest.class.getClassLoader());
    assertThat(snapshot.restoreSerializer()).isEqualTo(serializer);
    assertThat(
            serializer
                .snapshotConfiguration()
                .resolveSchemaCompatibility(snapshot)
                .isCompatibleAsIs())
        .isTrue();
  }

  @Test
  void flinkFindsTheTypesByItself() {
    assertThat(TypeInformation.of(Parsed.class)).isEqualTo(StreamTypes.PARSED);
    assertThat(TypeInformation.of(Parsed.Event.class)).isEqualTo(StreamTypes.EVENT);
    assertThat(TypeInformation.of(Parsed.BadRecord.class)).isEqualTo(StreamTypes.BAD_RECORD);
    assertThat(TypeInformation.of(Prediction.class)).isEqualTo(StreamTypes.PREDICTION);
    assertThat(TypeInformation.of(LateEvent.class)).isEqualTo(StreamTypes.LATE);
    assertThat(TypeInformation.of(LiveScore.class)).isEqualTo(StreamTypes.SCORE);
    assertThat(StreamTypes.EVENT).isNotEqualTo(StreamTypes.PARSED);
  }

  @Test
  void refusesBytesOfAnotherKind() {
    DataInputDeserializer in = new DataInputDeserializer(new byte[] {9});
    assertThatThrownBy(() -> ParsedSerializer.INSTANCE.deserialize(in))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not 9");
  }
}
