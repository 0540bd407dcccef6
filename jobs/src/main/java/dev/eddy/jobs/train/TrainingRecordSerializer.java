package dev.eddy.jobs.train;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes a {@link TrainingRecord} as topic, key, value; the last two with their lengths before them. */
public final class TrainingRecordSerializer extends TypeSerializerSingleton<TrainingRecord> {
  private static final long serialVersionUID = 1L;

  @Override
  public boolean isImmutableType() {
    return true;
  }

  @Override
  public TrainingRecord createInstance() {
    return new TrainingRecord("", new byte[0], new byte[0]);
  }

  @Override
  public TrainingRecord copy(TrainingRecord from) {
    return from;
  }

  @Override
  public TrainingRecord copy(TrainingRecord from, TrainingRecord reuse) {
    return from;
  }

  @Override
  public int getLength() {
    return -1;
  }

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
  public TrainingRecord deserialize(TrainingRecord reuse, DataInputView in) throws IOException {
    return deserialize(in);
  }

  @Override
  public void copy(DataInputView in, DataOutputView out) throws IOException {
    serialize(deserialize(in), out);
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

  /** The serializer has no parameters: its class says it all. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<TrainingRecord> {
    /** For Flink, which makes one by reflection. */
    public Snapshot() {
      super(TrainingRecordSerializer::new);
    }
  }
}
