package dev.eddy.model.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eddy.model.net.Network;
import dev.eddy.model.optim.OptimKinds;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;

/**
 * A {@link FitState} as a file, big-endian:
 *
 * <pre>
 * magic, version   int, int
 * header           int length, JSON: specification, position, schedule's state, history, sizes
 * floats           weights [n], moments [k][n], best weights [n], states block by block
 * checksum         SHA-256 of all before, 32 bytes
 * </pre>
 *
 * <p>Input is not trusted: the checksum is compared before anything is read, lengths are bounded
 * and compared with the network and the file before memory is taken, no class is ever named. A file
 * is replaced as a whole.
 */
public final class FitCheckpoint {
  private static final int MAGIC = 0x45445946; // EDYF
  private static final int VERSION = 1;
  private static final int MAX_HEADER = 64 << 20;
  private static final int CHECKSUM = 32;
  private static final int BUFFER = 1 << 16;

  private FitCheckpoint() {}

  /** What stands before the floats. */
  private record Header(
      FitSpec spec,
      String architecture,
      double[] schedule,
      int[] states,
      double bestLoss,
      int validationsSince,
      int epoch,
      int batch,
      long step,
      double lossSum,
      long lossCount,
      double rate,
      double seconds,
      boolean stopped,
      List<History.Row> history) {}

  /** Writes a state, to a file beside the old one that then takes its place. */
  public static void write(Path file, Network network, FitSpec spec, FitState state)
      throws IOException {
    Path whole = file.toAbsolutePath();
    Files.createDirectories(whole.getParent());
    Path part = Files.createTempFile(whole.getParent(), whole.getFileName() + ".", ".part");
    try {
      MessageDigest digest = sha256();
      try (DataOutputStream out =
          new DataOutputStream(
              new DigestOutputStream(
                  new BufferedOutputStream(Files.newOutputStream(part), BUFFER), digest))) {
        byte[] header = OptimKinds.mapper().writeValueAsBytes(header(network, spec, state));
        out.writeInt(MAGIC);
        out.writeInt(VERSION);
        out.writeInt(header.length);
        out.write(header);
        writeFloats(out, state.weights);
        writeFloats(out, state.moments);
        writeFloats(out, state.best);
        for (float[] block : state.states.blocks()) {
          writeFloats(out, block);
        }
        out.write(digest.digest());
      }
      Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static Header header(Network network, FitSpec spec, FitState state) {
    return new Header(
        spec,
        Long.toHexString(network.architectureHash()),
        state.schedule,
        state.states.blocks().stream().mapToInt(block -> block.length).toArray(),
        state.bestLoss,
        state.validationsSince,
        state.epoch,
        state.batch,
        state.step,
        state.lossSum,
        state.lossCount,
        state.rate,
        state.seconds,
        state.stopped,
        state.history.rows());
  }

  /**
   * The state in a file. The data must be those of the run that wrote it; epochs and patience may
   * be others.
   *
   * @throws IllegalArgumentException if the file is no checkpoint, damaged, of another version, or
   *     of a run with another network or specification
   * @throws IOException if it cannot be read
   */
  public static FitState read(Path file, Network network, FitSpec spec) throws IOException {
    long size = Files.size(file);
    try (DataInputStream in = open(file)) {
      if (size < 3 * Integer.BYTES + CHECKSUM || in.readInt() != MAGIC) {
        throw new IllegalArgumentException(
            "%s is no checkpoint of a training run: check the path".formatted(file));
      }
      int version = in.readInt();
      if (version != VERSION) {
        throw new IllegalArgumentException(
            "%s is a checkpoint of version %d, this program reads version %d: %s"
                .formatted(
                    file,
                    version,
                    VERSION,
                    version > VERSION ? "upgrade" : "start the training anew"));
      }
      checkSum(file, size);
      int length = in.readInt();
      if (length < 2 || length > MAX_HEADER || length > size - 3 * Integer.BYTES - CHECKSUM) {
        throw corrupt(file, "a header of %d bytes in a file of %d".formatted(length, size));
      }
      Header header = header(file, in.readNBytes(length));
      check(file, network, spec, header, size - 3 * Integer.BYTES - length - CHECKSUM);
      return state(in, network, spec, header);
    }
  }

  private static Header header(Path file, byte[] json) {
    ObjectMapper mapper = OptimKinds.mapper();
    try {
      Header header = mapper.readValue(json, Header.class);
      if (header != null
          && header.spec() != null
          && header.schedule() != null
          && header.states() != null
          && header.history() != null) {
        return header;
      }
    } catch (IOException e) {
      throw corrupt(file, "its header cannot be read: " + e.getMessage());
    }
    throw corrupt(file, "its header is not whole");
  }

  private static void check(
      Path file, Network network, FitSpec spec, Header header, long bytesOfFloats) {
    String architecture = Long.toHexString(network.architectureHash());
    if (!architecture.equals(header.architecture())) {
      throw new IllegalArgumentException(
          "%s is of another network (architecture %s, this one is %s): start the training anew"
              .formatted(file, header.architecture(), architecture));
    }
    FitSpec then = header.spec();
    FitSpec now =
        new FitSpec(
            spec.update(),
            then.epochs(),
            spec.accumulate(),
            spec.validateEvery(),
            then.patience(),
            spec.seed());
    if (!then.equals(now)) {
      throw new IllegalArgumentException(
          "%s is of a run with %s, now it is %s: start the training anew or put the settings back"
              .formatted(file, then, spec));
    }
    long floats = (2L + spec.update().optimiser().momentsPerWeight()) * network.weightCount();
    boolean negative = false;
    for (int block : header.states()) {
      floats += block;
      negative |= block < 0;
    }
    if (negative
        || floats * Float.BYTES != bytesOfFloats
        || header.schedule().length != spec.update().schedule().newState().length
        || header.epoch() < 0
        || header.batch() < 0
        || header.step() < 0) {
      throw corrupt(file, "its header and its size do not fit");
    }
  }

  private static FitState state(DataInputStream in, Network network, FitSpec spec, Header header)
      throws IOException {
    int n = network.weightCount();
    float[] weights = readFloats(in, n);
    float[] moments = readFloats(in, spec.update().optimiser().momentsPerWeight() * n);
    float[] best = readFloats(in, n);
    States states = new States(network.stateSize());
    for (int block : header.states()) {
      states.blocks().add(readFloats(in, block));
    }
    FitState state = new FitState(weights, moments, header.schedule(), states, best);
    state.bestLoss = header.bestLoss();
    state.validationsSince = header.validationsSince();
    state.epoch = header.epoch();
    state.batch = header.batch();
    state.step = header.step();
    state.lossSum = header.lossSum();
    state.lossCount = header.lossCount();
    state.rate = header.rate();
    state.seconds = header.seconds();
    state.stopped = state.validationsSince >= spec.patience(); // patience may be another now
    state.history = new History(header.history());
    return state;
  }

  private static DataInputStream open(Path file) throws IOException {
    return new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER));
  }

  private static void checkSum(Path file, long size) throws IOException {
    MessageDigest digest = sha256();
    byte[] said;
    try (InputStream in = open(file)) {
      byte[] buffer = new byte[BUFFER];
      long left = size - CHECKSUM;
      while (left > 0) {
        int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (read < 0) {
          throw corrupt(file, "cut short");
        }
        digest.update(buffer, 0, read);
        left -= read;
      }
      said = in.readNBytes(CHECKSUM);
    }
    if (!Arrays.equals(said, digest.digest())) {
      throw corrupt(file, "its checksum does not fit");
    }
  }

  private static void writeFloats(DataOutputStream out, float[] values) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    for (float value : values) {
      if (!buffer.hasRemaining()) {
        out.write(buffer.array(), 0, buffer.position());
        buffer.clear();
      }
      buffer.putFloat(value);
    }
    out.write(buffer.array(), 0, buffer.position());
  }

  private static float[] readFloats(DataInputStream in, int count) throws IOException {
    float[] values = new float[count];
    byte[] bytes = new byte[BUFFER];
    for (int at = 0; at < count; ) {
      int some = Math.min(count - at, BUFFER / Float.BYTES);
      in.readFully(bytes, 0, some * Float.BYTES);
      ByteBuffer.wrap(bytes).asFloatBuffer().get(values, at, some);
      at += some;
    }
    return values;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static IllegalArgumentException corrupt(Path file, String what) {
    return new IllegalArgumentException(
        "%s is damaged: %s. Take an older checkpoint, or start the training anew"
            .formatted(file, what));
  }
}
