package dev.eddy.jobs.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.jobs.io.InputPosition;
import dev.eddy.jobs.io.Parsed;
import dev.eddy.jobs.registry.ModelRef;
import dev.eddy.model.task.forecast.Forecast;
import dev.eddy.model.task.forecast.ForecastState;
import dev.eddy.model.task.forecast.Reading;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Version 1 of every state format, byte by byte. A checkpoint that is out there must be readable
 * for ever: where one of these fails, the format changed and needs a new version, not a new
 * expectation.
 */
class StateFormatTest {

  record Format<T>(String name, TypeSerializer<T> serializer, T value, String golden) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Format<?>> formats() {
    return Stream.of(
        new Format<>(
            "reading",
            ReadingSerializer.INSTANCE,
            new Reading(1_700_000_000_000L, -2.5),
            "0000018bcfe56800" + "c004000000000000"),
        new Format<>(
            "missing reading",
            ReadingSerializer.INSTANCE,
            new Reading(-1, Double.NaN),
            "ffffffffffffffff" + "7ff8000000000000"),
        new Format<>(
            "forecast",
            ForecastSerializer.INSTANCE,
            new Forecast(3, 2, true, 7, 9, new float[] {1, -0f, Float.NaN}),
            "0000000000000003"
                + "0000000000000002"
                + "01"
                + "00000007"
                + "0000000000000009"
                + "00000003"
                + "3f800000"
                + "80000000"
                + "7fc00000"),
        new Format<>(
            "entity",
            EntityStateSerializer.INSTANCE,
            entity(),
            "00000002"
                + "0000000000000005"
                + "00000001"
                + "0000000000000004"
                + "00000000000000ff"
                + "0000000000000011"
                + "00000000000003e8"
                + "4008000000000000"
                + "3ff8000000000000"
                + "4000000000000000"
                + "000000000000000c"
                + "00000000000001f4"
                + "4000000000000000"
                + "3ff0000000000000"
                + "3fe0000000000000"
                + "00000002"
                + "3f000000"
                + "bf800000"
                + "00000002"
                + "3ff0000000000000"
                + "7ff8000000000000"),
        new Format<>(
            "delayed events",
            DelayedEventsSerializer.INSTANCE,
            delayed(),
            "00000001"
                + "036d31"
                + "0000000000000064"
                + "3ff0000000000000"
                + "0274"
                + "00000003"
                + "0000000000000008"),
        new Format<>(
            "model reference",
            ModelRefSerializer.INSTANCE,
            new ModelRef("load", 3, 5, "ab", 16, 0, 42),
            "00046c6f6164"
                + "00000003"
                + "0000000000000005"
                + "00026162"
                + "00000010"
                + "00000000"
                + "000000000000002a"));
  }

  @ParameterizedTest
  @MethodSource("formats")
  <T> void writesVersion1(Format<T> format) throws IOException {
    assertThat(HexFormat.of().formatHex(bytes(format.serializer(), format.value())))
        .isEqualTo(format.golden());
  }

  @ParameterizedTest
  @MethodSource("formats")
  <T> void readsVersion1(Format<T> format) throws IOException {
    byte[] golden = HexFormat.of().parseHex(format.golden());
    DataInputDeserializer in = new DataInputDeserializer(golden);
    T read = format.serializer().deserialize(in);
    assertThat(in.available()).isZero();
    assertThat(bytes(format.serializer(), read)).isEqualTo(golden);
    assertThat(bytes(format.serializer(), format.serializer().copy(read))).isEqualTo(golden);
    DataOutputSerializer out = new DataOutputSerializer(64);
    format.serializer().copy(new DataInputDeserializer(golden), out);
    assertThat(out.getCopyOfBuffer()).isEqualTo(golden);
  }

  @ParameterizedTest
  @MethodSource("formats")
  <T> void goesOnFromItsOwnSnapshot(Format<T> format) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    TypeSerializerSnapshot.writeVersionedSnapshot(out, format.serializer().snapshotConfiguration());
    TypeSerializerSnapshot<T> restored =
        TypeSerializerSnapshot.readVersionedSnapshot(
            new DataInputDeserializer(out.getCopyOfBuffer()), getClass().getClassLoader());
    assertThat(restored.restoreSerializer()).isEqualTo(format.serializer());
    assertThat(
            format
                .serializer()
                .snapshotConfiguration()
                .resolveSchemaCompatibility(restored)
                .isCompatibleAsIs())
        .isTrue();
  }

  @ParameterizedTest
  @MethodSource("formats")
  <T> void refusesANewerVersion(Format<T> format) {
    TypeSerializerSnapshot<T> snapshot = format.serializer().snapshotConfiguration();
    assertThatThrownBy(
            () ->
                snapshot.readSnapshot(
                    2, new DataInputDeserializer(new byte[0]), getClass().getClassLoader()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("format version 2")
        .hasMessageContaining("this build of Eddy reads 1 to 1");
  }

  @Test
  void doesNotTakeOneFormatForAnother() {
    assertThat(
            EntityStateSerializer.INSTANCE
                .snapshotConfiguration()
                .resolveSchemaCompatibility(new OtherFormat())
                .isIncompatible())
        .isTrue();
  }

  /** The snapshot of something else under the same state name. */
  static final class OtherFormat extends StateSnapshot<EntityState> {
    OtherFormat() {
      super("something else", 1, () -> EntityStateSerializer.INSTANCE);
    }
  }

  @Test
  void aCopyOfMutableStateSharesNothing() {
    EntityState original = entity();
    EntityState copy = EntityStateSerializer.INSTANCE.copy(original);
    copy.forecast.hidden[0] = 99;
    copy.forecast.recent[0] = 99;
    copy.forecast.step = 99;
    assertThat(original.forecast.hidden[0]).isEqualTo(0.5f);
    assertThat(original.forecast.recent[0]).isEqualTo(1.0);
    assertThat(original.forecast.step).isEqualTo(17);

    DelayedEvents delayed = delayed();
    DelayedEventsSerializer.INSTANCE.copy(delayed).releaseAll();
    assertThat(delayed.size()).isEqualTo(1);
  }

  @Test
  void delayedEventsComeOutInOrderOfTimeThenPartitionThenOffset() {
    DelayedEvents delayed = new DelayedEvents();
    for (Parsed.Event event :
        List.of(
            event(300, 0, 1),
            event(100, 1, 5),
            event(100, 0, 9),
            event(100, 0, 2),
            event(200, 0, 4))) {
      delayed.add(event);
    }
    assertThat(delayed.release(101))
        .extracting(e -> e.position().offset())
        .containsExactly(2L, 9L, 5L);
    assertThat(delayed.release(100)).extracting(Parsed.Event::time).containsExactly(200L);
    assertThat(delayed.release(1)).isEmpty();
    assertThat(delayed.releaseAll()).extracting(Parsed.Event::time).containsExactly(300L);
  }

  @Test
  void extremeTimesDoNotWrapAround() {
    DelayedEvents delayed = new DelayedEvents();
    delayed.add(event(Long.MIN_VALUE, 0, 0));
    assertThat(delayed.release(1000)).containsExactly(event(Long.MIN_VALUE, 0, 0));
    delayed.add(event(Long.MIN_VALUE + 10, 0, 1));
    delayed.add(event(Long.MAX_VALUE, 0, 2));
    assertThat(delayed.release(1000)).extracting(e -> e.position().offset()).containsExactly(1L);
  }

  @Test
  void lateIsOlderOrTheSameTimeNotAfterTheLastPosition() {
    EntityState state = entity(); // time 1000, partition 2, offset 5
    assertThat(state.isLate(999, 9, 9)).isTrue();
    assertThat(state.isLate(1001, 0, 0)).isFalse();
    assertThat(state.isLate(1000, 2, 5)).isTrue();
    assertThat(state.isLate(1000, 2, 4)).isTrue();
    assertThat(state.isLate(1000, 2, 6)).isFalse();
    assertThat(state.isLate(1000, 1, 9)).isTrue();
    assertThat(state.isLate(1000, 3, 0)).isFalse();
    assertThat(new EntityState(new ForecastState()).isLate(Long.MIN_VALUE, 0, 0)).isFalse();
  }

  private static EntityState entity() {
    ForecastState f = new ForecastState();
    f.modelVersion = 1;
    f.swapEpoch = 4;
    f.architecture = 255;
    f.step = 17;
    f.lastTime = 1000;
    f.scaleCount = 3;
    f.scaleMean = 1.5;
    f.scaleSquares = 2;
    f.baseStep = 12;
    f.baseTime = 500;
    f.baseCount = 2;
    f.baseMean = 1;
    f.baseSquares = 0.5;
    f.hidden = new float[] {0.5f, -1};
    f.recent = new double[] {1, Double.NaN};
    return new EntityState(f, 2, 5);
  }

  private static DelayedEvents delayed() {
    DelayedEvents delayed = new DelayedEvents();
    delayed.add(new Parsed.Event("m1", 100, 1, new InputPosition("t", 3, 8)));
    return delayed;
  }

  private static Parsed.Event event(long time, int partition, long offset) {
    return new Parsed.Event("m", time, 1, new InputPosition("t", partition, offset));
  }

  private static <T> byte[] bytes(TypeSerializer<T> serializer, T value) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    serializer.serialize(value, out);
    return out.getCopyOfBuffer();
  }
}
