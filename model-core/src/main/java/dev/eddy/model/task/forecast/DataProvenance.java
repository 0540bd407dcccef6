package dev.eddy.model.task.forecast;

import dev.eddy.model.data.RawSeries;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** Says which data a model was trained on. */
final class DataProvenance {
  private DataProvenance() {}

  /**
   * Entities, readings, first and last time, and the SHA-256 of it all.
   *
   * @param series sorted by entity
   */
  static Map<String, String> of(Collection<RawSeries> series) {
    MessageDigest digest = sha256();
    long readings = 0;
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (RawSeries one : series) {
      add(digest, one);
      readings += one.length();
      if (one.length() > 0) {
        first = Math.min(first, one.time(0));
        last = Math.max(last, one.time(one.length() - 1));
      }
    }
    Map<String, String> provenance = new LinkedHashMap<>();
    provenance.put("data.entities", Integer.toString(series.size()));
    provenance.put("data.readings", Long.toString(readings));
    if (readings > 0) {
      provenance.put("data.from", Instant.ofEpochMilli(first).toString());
      provenance.put("data.to", Instant.ofEpochMilli(last).toString());
    }
    provenance.put("data.sha256", HexFormat.of().formatHex(digest.digest()));
    return provenance;
  }

  private static void add(MessageDigest digest, RawSeries series) {
    byte[] name = series.entity().getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(8).putInt(name.length).putInt(series.length()).array());
    digest.update(name);
    ByteBuffer reading = ByteBuffer.allocate(16);
    for (int t = 0; t < series.length(); t++) {
      reading.putLong(0, series.time(t)).putDouble(8, series.value(t));
      digest.update(reading.array());
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
