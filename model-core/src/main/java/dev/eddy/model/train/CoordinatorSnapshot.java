package dev.eddy.model.train;

import dev.eddy.model.optim.OptimKinds;
import dev.eddy.model.optim.UpdateSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The bytes of a coordinator's state, big-endian:
 *
 * <pre>
 * magic, version   int, int
 * specification    its fields in order
 * figures          round, progress
 * weights          int n, n floats; likewise moments and best weights
 * </pre>
 */
final class CoordinatorSnapshot {
  private static final int MAGIC = 0x45445943; // EDYC
  private static final int VERSION = 2;

  private CoordinatorSnapshot() {}

  static byte[] write(TrainingSpec spec, RoundCoordinator.State state) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(MAGIC);
      out.writeInt(VERSION);
      writeSpec(out, spec);
      Progress progress = state.progress();
      out.writeInt(state.round());
      out.writeInt(progress.round());
      out.writeDouble(progress.loss());
      out.writeDouble(progress.validationLoss());
      out.writeLong(progress.samples());
      out.writeInt(progress.bestRound());
      out.writeDouble(progress.bestValidationLoss());
      out.writeBoolean(progress.finished());
      writeFloats(out, state.weights());
      writeFloats(out, state.moments());
      writeFloats(out, state.best());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return bytes.toByteArray();
  }

  static RoundCoordinator.State read(TrainingSpec spec, byte[] snapshot) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(snapshot))) {
      if (in.readInt() != MAGIC) {
        throw new IllegalArgumentException("these bytes are no snapshot of a training run");
      }
      int version = in.readInt();
      if (version != VERSION) {
        throw new IllegalArgumentException(
            ("the snapshot of the training run has version %d, this program reads"
                    + " version %d: start the training anew")
                .formatted(version, VERSION));
      }
      TrainingSpec then = readSpec(in);
      if (!then.equals(spec)) {
        throw new IllegalArgumentException(
            ("the snapshot is of a run with %s, now it is %s:"
                    + " start the training anew or put the settings back")
                .formatted(then, spec));
      }
      int round = in.readInt();
      Progress progress =
          new Progress(
              in.readInt(),
              spec.rounds(),
              in.readDouble(),
              in.readDouble(),
              in.readLong(),
              in.readInt(),
              in.readDouble(),
              in.readBoolean());
      return new RoundCoordinator.State(
          round, readFloats(in), readFloats(in), readFloats(in), progress);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the snapshot of the training run is cut short after %d bytes".formatted(snapshot.length),
          e);
    }
  }

  private static void writeSpec(DataOutputStream out, TrainingSpec spec) throws IOException {
    out.writeInt(spec.shards());
    out.writeInt(spec.localSteps());
    out.writeInt(spec.rounds());
    out.writeInt(spec.patience());
    out.writeInt(spec.batch());
    out.writeInt(spec.chunk());
    out.writeInt(spec.warmup());
    out.writeUTF(OptimKinds.mapper().writeValueAsString(spec.update()));
    out.writeLong(spec.seed());
  }

  private static TrainingSpec readSpec(DataInputStream in) throws IOException {
    return new TrainingSpec(
        in.readInt(),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        OptimKinds.mapper().readValue(in.readUTF(), UpdateSpec.class),
        in.readLong());
  }

  private static void writeFloats(DataOutputStream out, float[] values) throws IOException {
    out.writeInt(values.length);
    for (float value : values) {
      out.writeFloat(value);
    }
  }

  private static float[] readFloats(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available() / Float.BYTES) {
      throw new IOException("array of " + length + " floats in " + in.available() + " bytes");
    }
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = in.readFloat();
    }
    return values;
  }
}
