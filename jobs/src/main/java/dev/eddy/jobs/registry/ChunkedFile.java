package dev.eddy.jobs.registry;

import dev.eddy.jobs.config.PipelineConfig;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A model file put together from its chunks, in whatever order and however often they come. A chunk
 * counts if its bytes have the hash that the manifest says; another under its key is remembered for
 * the message only.
 */
final class ChunkedFile {
  private final Manifest manifest;
  private final Location.Chunks chunks;
  private final Map<String, Integer> indices = new HashMap<>();
  private final byte[][] parts;
  private final boolean[] wrong;
  private long bytes;
  private int missing;

  ChunkedFile(Manifest manifest, Location.Chunks chunks) {
    this.manifest = manifest;
    this.chunks = chunks;
    this.missing = chunks.sha256().size();
    this.parts = new byte[missing][];
    this.wrong = new boolean[missing];
    for (int i = 0; i < missing; i++) {
      byte[] key = ModelRecords.chunkKey(manifest.name(), manifest.version(), i);
      indices.put(new String(key, StandardCharsets.UTF_8), i);
    }
  }

  /**
   * Takes a record of the topic, whatever it is.
   *
   * @return whether chunks are missing still
   */
  boolean take(ConsumerRecord<byte[], byte[]> record) {
    Integer index =
        record.key() == null || record.value() == null
            ? null
            : indices.get(new String(record.key(), StandardCharsets.UTF_8));
    if (index != null && parts[index] == null) {
      boolean right =
          bytes + record.value().length <= manifest.size()
              && ModelRecords.sha256(record.value()).equals(chunks.sha256().get(index));
      wrong[index] = !right;
      if (right) {
        parts[index] = record.value();
        bytes += record.value().length;
        missing--;
      }
    }
    return missing > 0;
  }

  boolean complete() {
    return missing == 0;
  }

  /**
   * The whole file; its hash is for the caller to check.
   *
   * @throws BadModelException naming the first chunk that is missing or damaged
   */
  byte[] bytes() throws BadModelException {
    for (int i = 0; i < parts.length; i++) {
      if (parts[i] == null) {
        throw new BadModelException(
            "chunk %d of %d of version %d of %s is %s topic %s"
                .formatted(
                    i,
                    parts.length,
                    manifest.version(),
                    manifest.name(),
                    wrong[i] ? "not the one that was published, in" : "missing in",
                    PipelineConfig.MODELS_TOPIC));
      }
    }
    byte[] file = new byte[(int) bytes];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, file, at, part.length);
      at += part.length;
    }
    return file;
  }
}
