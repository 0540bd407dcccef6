package dev.eddy.jobs.train;

import dev.eddy.jobs.history.HistoryRange;
import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** Version 2 of a run's bytes: the range if it is known, then the coordinator's own snapshot. */
final class RunStateSerializer implements SimpleVersionedSerializer<RunState> {
  @Override
  public int getVersion() {
    return 2;
  }

  @Override
  public byte[] serialize(RunState state) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(128 + state.coordinator().length);
    out.writeBoolean(state.range() != null);
    if (state.range() != null) {
      state.range().write(out);
    }
    out.writeInt(state.coordinator().length);
    out.write(state.coordinator());
    return out.getCopyOfBuffer();
  }

  @Override
  public RunState deserialize(int version, byte[] bytes) throws IOException {
    Versions.check("A training run", version, getVersion());
    DataInputDeserializer in = new DataInputDeserializer(bytes);
    HistoryRange range = in.readBoolean() ? HistoryRange.read(in) : null;
    byte[] coordinator = new byte[in.readInt()];
    in.readFully(coordinator);
    return new RunState(range, coordinator);
  }
}
