package dev.eddy.jobs.train;

import java.util.Map;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Tells Flink how {@link TrainingRecord}s travel: by {@link TrainingRecordSerializer}, never by Kryo. */
final class TrainingRecordType extends TypeInformation<TrainingRecord> {
  private static final long serialVersionUID = 1L;

  @Override
  public boolean isBasicType() {
    return false;
  }

  @Override
  public boolean isTupleType() {
    return false;
  }

  @Override
  public int getArity() {
    return 1;
  }

  @Override
  public int getTotalFields() {
    return 1;
  }

  @Override
  public Class<TrainingRecord> getTypeClass() {
    return TrainingRecord.class;
  }

  @Override
  public boolean isKeyType() {
    return false;
  }

  @Override
  public Map<String, TypeInformation<?>> getGenericParameters() {
    return Map.of();
  }

  @Override
  public TypeSerializer<TrainingRecord> createSerializer(SerializerConfig config) {
    return new TrainingRecordSerializer();
  }

  @Override
  public String toString() {
    return "TrainingRecord";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TrainingRecordType;
  }

  @Override
  public int hashCode() {
    return TrainingRecordType.class.hashCode();
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof TrainingRecordType;
  }
}
