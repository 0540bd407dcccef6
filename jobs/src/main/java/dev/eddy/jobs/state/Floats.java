package dev.eddy.jobs.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Arrays of numbers as a count (int) and big-endian IEEE bits, moved in one piece. NaN keeps its
 * bits.
 */
final class Floats {
  private Floats() {}

  /** Writes an array of floats. */
  static void write(float[] values, DataOutputView out) throws IOException {
    out.writeInt(values.length);
    byte[] bytes = new byte[values.length * Float.BYTES];
    ByteBuffer.wrap(bytes).asFloatBuffer().put(values);
    out.write(bytes);
  }

  /** Reads what {@link #write(float[], DataOutputView)} wrote. */
  static float[] read(DataInputView in) throws IOException {
    byte[] bytes = new byte[in.readInt() * Float.BYTES];
    in.readFully(bytes);
    float[] values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
    return values;
  }

  /** Writes an array of doubles. */
  static void write(double[] values, DataOutputView out) throws IOException {
    out.writeInt(values.length);
    byte[] bytes = new byte[values.length * Double.BYTES];
    ByteBuffer.wrap(bytes).asDoubleBuffer().put(values);
    out.write(bytes);
  }

  /** Reads what {@link #write(double[], DataOutputView)} wrote. */
  static double[] readDoubles(DataInputView in) throws IOException {
    byte[] bytes = new byte[in.readInt() * Double.BYTES];
    in.readFully(bytes);
    double[] values = new double[bytes.length / Double.BYTES];
    ByteBuffer.wrap(bytes).asDoubleBuffer().get(values);
    return values;
  }
}
