package dev.eddy.jobs.registry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The records that publish a model, in the order in which they must be written: whoever sees a
 * manifest finds the chunks before it, and whoever sees a pointer finds the manifest.
 *
 * @param chunks pieces of the model file; empty where it is inline or in a file. They mean nothing
 *     until the manifest is there
 * @param manifest makes the version known
 * @param pointer makes it live; null where it is not to be
 */
record Publication(List<TopicRecord> chunks, TopicRecord manifest, TopicRecord pointer) {

  /** All of them. */
  List<TopicRecord> all() {
    List<TopicRecord> all = new ArrayList<>(chunks);
    all.add(manifest);
    if (pointer != null) {
      all.add(pointer);
    }
    return all;
  }

  /** Where a file of this size goes if no folder takes it: inline, or in chunks. */
  static Location inTopic(byte[] file) {
    if (file.length <= ModelRecords.MAX_INLINE_BYTES) {
      return new Location.Inline();
    }
    List<String> hashes = new ArrayList<>();
    for (int from = 0; from < file.length; from += ModelRecords.CHUNK_BYTES) {
      int length = Math.min(ModelRecords.CHUNK_BYTES, file.length - from);
      hashes.add(ModelRecords.sha256(file, from, length));
    }
    return new Location.Chunks(hashes);
  }

  /**
   * The records of a version.
   *
   * @param file the model file; its hash and size must be the manifest's
   * @param pointed what makes it live; null where it is not to be
   * @throws IllegalArgumentException if no reader would accept the manifest
   */
  static Publication of(Manifest manifest, byte[] file, ModelRecord.Pointed pointed) {
    String name = manifest.name();
    List<TopicRecord> chunks = new ArrayList<>();
    if (manifest.location() instanceof Location.Chunks) {
      for (int from = 0; from < file.length; from += ModelRecords.CHUNK_BYTES) {
        int to = Math.min(from + ModelRecords.CHUNK_BYTES, file.length);
        byte[] key = ModelRecords.chunkKey(name, manifest.version(), chunks.size());
        chunks.add(new TopicRecord(key, Arrays.copyOfRange(file, from, to)));
      }
    }
    return new Publication(
        chunks,
        new TopicRecord(
            ModelRecords.manifestKey(name, manifest.version()),
            ModelRecords.manifest(manifest, file)),
        pointed == null
            ? null
            : new TopicRecord(ModelRecords.pointerKey(name), ModelRecords.pointer(pointed)));
  }

  /** The records that delete a version's bytes and leave its number taken. */
  static List<TopicRecord> retirement(Manifest manifest) {
    List<TopicRecord> records = new ArrayList<>();
    String name = manifest.name();
    int version = manifest.version();
    // First, so that nobody meets a manifest whose chunks are gone.
    records.add(
        new TopicRecord(
            ModelRecords.manifestKey(name, version), ModelRecords.retired(name, version)));
    if (manifest.location() instanceof Location.Chunks chunks) {
      for (int i = 0; i < chunks.sha256().size(); i++) {
        records.add(new TopicRecord(ModelRecords.chunkKey(name, version, i), null));
      }
    }
    return records;
  }
}
