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
 * weights          int n, n floats; likewise the outer step's velocity and the best weights
 * moments          as many as the specification asks for: age in steps, floats
 * best scores      for each shard whether it scored, count, sum
 * </pre>
 */
final class CoordinatorSnapshot {
  private static final int MAGIC = 0x45445943; // EDYC
  private static final int VERSION = 3;

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
      writeFloats(out, state.velocity());
      writeFloats(out, state.best());
      writeMoments(out, state.moments(), state.ages());
      writeScores(out, state.bestScores());
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
      float[] weights = readFloats(in);
      float[] velocity = readFloats(in);
      float[] best = readFloats(in);
      float[][] moments = new float[RoundCoordinator.State.keptMoments(spec)][];
      long[] ages = new long[moments.length];
      for (int i = 0; i < moments.length; i++) {
        ages[i] = in.readLong();
        moments[i] = readFloats(in);
      }
      return new RoundCoordinator.State(
          round, weights, velocity, moments, ages, best, readScores(in, spec.shards()), progress);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the snapshot of the training run is cut short after %d bytes".formatted(snapshot.length),
          e);
    }
  }

  private static void writeSpec(DataOutputStream out, TrainingSpec spec) throws IOException {
    out.writeInt(spec.shards());
    LocalSteps localSteps = spec.averaging().localSteps();
    out.writeInt(localSteps.first());
    out.writeDouble(localSteps.factor());
    out.writeInt(localSteps.most());
    OuterStep outer = spec.averaging().outer();
    out.writeUTF(spec.averaging().moments().name());
    out.writeUTF(outer.kind().name());
    out.writeDouble(outer.rate());
    out.writeDouble(outer.momentum());
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
        new Averaging(
            new LocalSteps(in.readInt(), in.readDouble(), in.readInt()),
            Moments.valueOf(in.readUTF()),
            new OuterStep(OuterStep.Kind.valueOf(in.readUTF()), in.readDouble(), in.readDouble())),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        OptimKinds.mapper().readValue(in.readUTF(), UpdateSpec.class),
        in.readLong());
  }

  private static void writeMoments(DataOutputStream out, float[][] moments, long[] ages)
      throws IOException {
    for (int i = 0; i < moments.length; i++) {
      out.writeLong(ages[i]);
      writeFloats(out, moments[i]);
    }
  }

  private static void writeScores(DataOutputStream out, ScoreSum[] scores) throws IOException {
    for (ScoreSum score : scores) {
      out.writeBoolean(score != null);
      if (score != null) {
        out.writeLong(score.count());
        out.writeDouble(score.sums()[0]);
      }
    }
  }

  private static ScoreSum[] readScores(DataInputStream in, int shards) throws IOException {
    ScoreSum[] scores = new ScoreSum[shards];
    for (int shard = 0; shard < shards; shard++) {
      if (in.readBoolean()) {
        scores[shard] = new ScoreSum(in.readLong(), new double[] {in.readDouble()});
      }
    }
    return scores;
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
