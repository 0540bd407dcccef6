package dev.eddy.jobs.train;

import dev.eddy.jobs.history.HistoryRange;
import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** Version 2 of a shard's bytes: the shard's number, then the range. */
final class ShardSplitSerializer implements SimpleVersionedSerializer<ShardSplit> {
  @Override
  public int getVersion() {
    return 2;
  }

  @Override
  public byte[] serialize(ShardSplit split) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    out.writeInt(split.shard());
    split.range().write(out);
    return out.getCopyOfBuffer();
  }

  @Override
  public ShardSplit deserialize(int version, byte[] bytes) throws IOException {
    Versions.check("A training shard", version, getVersion());
    DataInputDeserializer in = new DataInputDeserializer(bytes);
    return new ShardSplit(in.readInt(), HistoryRange.read(in));
  }
}
