package dev.eddy.jobs.state;

import java.io.IOException;
import java.util.function.Supplier;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * The snapshot of a state serializer: its version and nothing else. A build reads its own and older
 * versions; a newer one is refused, because guessing at unknown bytes would corrupt state silently.
 *
 * @param <T> what the serializer writes
 */
abstract class StateSnapshot<T> implements TypeSerializerSnapshot<T> {
  private final String what;
  private final int version;
  private final Supplier<TypeSerializer<T>> serializer;

  /**
   * A snapshot that names what it describes, the newest version known, and how to make the
   * serializer again.
   */
  StateSnapshot(String what, int version, Supplier<TypeSerializer<T>> serializer) {
    this.what = what;
    this.version = version;
    this.serializer = serializer;
  }

  @Override
  public final int getCurrentVersion() {
    return version;
  }

  @Override
  public final void writeSnapshot(DataOutputView out) {
    // The version, which Flink writes, says it all.
  }

  @Override
  public final void readSnapshot(int readVersion, DataInputView in, ClassLoader loader)
      throws IOException {
    if (readVersion < 1 || readVersion > version) {
      throw new IOException(
          ("%s in this checkpoint has format version %d, this build of Eddy reads 1 to %d:"
                  + " restore it with the build that wrote it, or a newer one")
              .formatted(what, readVersion, version));
    }
  }

  @Override
  public final TypeSerializer<T> restoreSerializer() {
    return serializer.get();
  }

  @Override
  public final TypeSerializerSchemaCompatibility<T> resolveSchemaCompatibility(
      TypeSerializerSnapshot<T> old) {
    return old.getClass() == getClass()
        ? TypeSerializerSchemaCompatibility.compatibleAsIs()
        : TypeSerializerSchemaCompatibility.incompatible();
  }
}
