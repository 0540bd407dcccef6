package dev.eddy.jobs.train;

import dev.eddy.jobs.io.StreamSerializer;
import dev.eddy.jobs.io.StreamType;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Writes a {@link TrainingRecord} as topic, key, value; the last two with their lengths before
 * them.
 */
public final class TrainingRecordSerializer extends StreamSerializer<TrainingRecord> {
  private static final long serialVersionUID = 1L;

  /** The type of a stream of training records. */
  static final TypeInformation<TrainingRecord> TYPE =
      new StreamType<>(TrainingRecord.class, new TrainingRecordSerializer());

  private TrainingRecordSerializer() {}

  @Override
  public void serialize(TrainingRecord value, DataOutputView out) throws IOException {
    out.writeUTF(value.topic());
    writeBytes(value.key(), out);
    writeBytes(value.value(), out);
  }

  @Override
  public TrainingRecord deserialize(DataInputView in) throws IOException {
    return new TrainingRecord(in.readUTF(), readBytes(in), readBytes(in));
  }

  @Override
  public TypeSerializerSnapshot<TrainingRecord> snapshotConfiguration() {
    return new Snapshot();
  }

  private static void writeBytes(byte[] bytes, DataOutputView out) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] readBytes(DataInputView in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes;
  }

  /** Marks this format; another format is another class. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<TrainingRecord> {
    /** For Flink, which makes one by reflection. */
    public Snapshot() {
      super(TrainingRecordSerializer::new);
    }
  }
}
