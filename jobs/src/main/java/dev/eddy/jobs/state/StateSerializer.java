package dev.eddy.jobs.state;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What all serializers of keyed state have in common: stateless, of variable length, equal when of
 * the same class. A subclass is left with the format itself.
 *
 * @param <T> what is written
 */
abstract class StateSerializer<T> extends TypeSerializer<T> {
  private static final long serialVersionUID = 1L;

  private final boolean immutable;

  /**
   * A serializer of values that nobody writes into once made ({@code immutable}), or of values that
   * are copied.
   */
  StateSerializer(boolean immutable) {
    this.immutable = immutable;
  }

  @Override
  public final boolean isImmutableType() {
    return immutable;
  }

  @Override
  public final TypeSerializer<T> duplicate() {
    return this;
  }

  @Override
  public T createInstance() {
    return null;
  }

  /** The value itself where it is immutable; the other serializers override this. */
  @Override
  public T copy(T from) {
    return from;
  }

  @Override
  public final T copy(T from, T reuse) {
    return copy(from);
  }

  @Override
  public final int getLength() {
    return -1;
  }

  @Override
  public final T deserialize(T reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public final void copy(DataInputView source, DataOutputView target) throws IOException {
    serialize(deserialize(source), target);
  }

  @Override
  @SuppressWarnings("EqualsGetClass") // subclasses are different formats, never equal
  public final boolean equals(Object other) {
    return other != null && other.getClass() == getClass();
  }

  @Override
  public final int hashCode() {
    return getClass().hashCode();
  }
}
