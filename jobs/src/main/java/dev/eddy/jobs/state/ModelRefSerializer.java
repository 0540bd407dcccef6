package dev.eddy.jobs.state;

import dev.eddy.jobs.registry.ModelRef;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Writes the references that broadcast state holds. Version 1: name (UTF), version (int), swap
 * epoch (long), sha256 (UTF), size (int), partition (int), offset (long).
 */
public final class ModelRefSerializer extends StateSerializer<ModelRef> {
  private static final long serialVersionUID = 1L;

  /** The only one needed. */
  public static final ModelRefSerializer INSTANCE = new ModelRefSerializer();

  private ModelRefSerializer() {
    super(true);
  }

  @Override
  public void serialize(ModelRef ref, DataOutputView out) throws IOException {
    out.writeUTF(ref.name());
    out.writeInt(ref.version());
    out.writeLong(ref.swapEpoch());
    out.writeUTF(ref.sha256());
    out.writeInt(ref.size());
    out.writeInt(ref.partition());
    out.writeLong(ref.offset());
  }

  @Override
  public ModelRef deserialize(DataInputView in) throws IOException {
    return new ModelRef(
        in.readUTF(),
        in.readInt(),
        in.readLong(),
        in.readUTF(),
        in.readInt(),
        in.readInt(),
        in.readLong());
  }

  @Override
  public TypeSerializerSnapshot<ModelRef> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Marks model references of version 1. */
  public static final class Snapshot extends StateSnapshot<ModelRef> {
    /** For Flink, which makes it by reflection. */
    public Snapshot() {
      super("the model reference", 1, () -> INSTANCE);
    }
  }
}
