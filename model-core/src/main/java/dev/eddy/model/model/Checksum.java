package dev.eddy.model.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The SHA-256 of a model file, kept in its own header: computed over all bytes with 64 zeros in its
 * place. It covers header and weights alike, so that nothing damaged is even looked at.
 */
final class Checksum {
  static final String KEY = "eddy.sha256";

  /** What stands in the checksum's place while it is computed. */
  static final String BLANK = "0".repeat(64);

  private static final String FIELD = "\"" + KEY + "\":\"";

  private Checksum() {}

  /** Puts the checksum into its place. file: Modified. */
  static byte[] seal(byte[] file, int headerEnd) {
    int at = place(file, headerEnd);
    byte[] sum = sha256(file, at).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(sum, 0, file, at, sum.length);
    return file;
  }

  /** Fails unless the file is what was written. */
  static void check(byte[] file, ModelHeader header) {
    String said = header.text(KEY);
    int at = place(file, header.dataAt());
    boolean inPlace =
        at >= 0
            && said.length() == BLANK.length()
            && said.equals(new String(file, at, BLANK.length(), StandardCharsets.US_ASCII));
    if (!inPlace) {
      throw ModelHeader.corrupt("no checksum of 64 digits in the header");
    }
    String found = sha256(file, at);
    if (!found.equals(said)) {
      throw ModelHeader.corrupt("the checksum should be %s, it is %s".formatted(said, found));
    }
  }

  /** Where the digits stand; -1 if there is no such field in the header with room for them. */
  private static int place(byte[] file, int headerEnd) {
    byte[] field = FIELD.getBytes(StandardCharsets.US_ASCII);
    for (int at = 0; at + field.length + BLANK.length() <= headerEnd; at++) {
      if (Arrays.equals(file, at, at + field.length, field, 0, field.length)) {
        return at + field.length;
      }
    }
    return -1;
  }

  private static String sha256(byte[] file, int at) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(file, 0, at);
      digest.update(BLANK.getBytes(StandardCharsets.US_ASCII));
      int after = at + BLANK.length();
      digest.update(file, after, file.length - after);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
