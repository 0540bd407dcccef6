package dev.eddy.jobs.registry;

import dev.eddy.jobs.io.StreamSerializer;
import dev.eddy.jobs.io.StreamType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes a model record between operators: a byte that says which, then its fields. */
public final class ModelRecordSerializer extends StreamSerializer<ModelRecord> {
  private static final long serialVersionUID = 1L;
  private static final int PUBLISHED = 0;
  private static final int POINTED = 1;
  private static final int RETIRED = 2;

  /** The only one needed. */
  public static final ModelRecordSerializer INSTANCE = new ModelRecordSerializer();

  /** The type of a stream of model records. */
  public static final TypeInformation<ModelRecord> TYPE =
      new StreamType<>(ModelRecord.class, INSTANCE);

  private ModelRecordSerializer() {}

  @Override
  public void serialize(ModelRecord record, DataOutputView out) throws IOException {
    if (record instanceof ModelRecord.Published published) {
      ModelRef ref = published.ref();
      out.writeByte(PUBLISHED);
      out.writeUTF(ref.name());
      out.writeInt(ref.version());
      out.writeLong(ref.swapEpoch());
      out.writeUTF(ref.sha256());
      out.writeInt(ref.size());
      out.writeInt(ref.partition());
      out.writeLong(ref.offset());
    } else if (record instanceof ModelRecord.Pointed pointed) {
      out.writeByte(POINTED);
      out.writeUTF(pointed.name());
      out.writeInt(pointed.version());
      out.writeLong(pointed.swapEpoch());
      out.writeUTF(pointed.sha256());
      out.writeInt(pointed.previous().size());
      for (int version : pointed.previous()) {
        out.writeInt(version);
      }
    } else if (record instanceof ModelRecord.Retired retired) {
      out.writeByte(RETIRED);
      out.writeUTF(retired.name());
      out.writeInt(retired.version());
    }
  }

  @Override
  public ModelRecord deserialize(DataInputView in) throws IOException {
    int kind = in.readByte();
    return switch (kind) {
      case PUBLISHED ->
          new ModelRecord.Published(
              new ModelRef(
                  in.readUTF(),
                  in.readInt(),
                  in.readLong(),
                  in.readUTF(),
                  in.readInt(),
                  in.readInt(),
                  in.readLong()));
      case POINTED ->
          new ModelRecord.Pointed(
              in.readUTF(), in.readInt(), in.readLong(), in.readUTF(), versions(in));
      case RETIRED -> new ModelRecord.Retired(in.readUTF(), in.readInt());
      default -> throw new IOException("model record of kind 0, 1 or 2 expected, got " + kind);
    };
  }

  private static List<Integer> versions(DataInputView in) throws IOException {
    List<Integer> versions = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      versions.add(in.readInt());
    }
    return versions;
  }

  @Override
  public TypeSerializerSnapshot<ModelRecord> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Version 1. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<ModelRecord> {
    /** For Flink, which makes it by reflection. */
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
