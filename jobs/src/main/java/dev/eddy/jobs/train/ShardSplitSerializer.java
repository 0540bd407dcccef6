package dev.eddy.jobs.train;

import dev.eddy.jobs.history.HistoryRange;
import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** Version 3 of a shard's bytes: the shard's number, whether a range is there, the range. */
final class ShardSplitSerializer implements SimpleVersionedSerializer<ShardSplit> {
  @Override
  public int getVersion() {
    return 3;
  }

  @Override
  public byte[] serialize(ShardSplit split) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    out.writeInt(split.shard());
    out.writeBoolean(split.range() != null);
    if (split.range() != null) {
      split.range().write(out);
    }
    return out.getCopyOfBuffer();
  }

  @Override
  public ShardSplit deserialize(int version, byte[] bytes) throws IOException {
    Versions.check("A training shard", version, getVersion());
    DataInputDeserializer in = new DataInputDeserializer(bytes);
    return new ShardSplit(in.readInt(), in.readBoolean() ? HistoryRange.read(in) : null);
  }
}
