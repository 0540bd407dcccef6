package dev.eddy.model.interchange;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The parts of a Keras file.
 *
 * @param config the network as JSON; null in a file of weights alone
 * @param weights HDF5
 */
record KerasFile(String config, byte[] weights) {
  private static final int MAX_CONFIG = 4 << 20;

  /** What a zip's content may take for each of its bytes: Keras stores, it does not compress. */
  private static final int MAX_INFLATED = 8;

  /** Takes a .keras, .h5 or .weights.h5 file apart. bytes: Not modified. */
  static KerasFile of(byte[] bytes) {
    if (isZip(bytes)) {
      return zip(bytes);
    }
    if (isHdf(bytes)) {
      try (HdfTensors file = new HdfTensors(bytes)) {
        return new KerasFile(file.text("", "model_config"), bytes);
      }
    }
    throw new InterchangeException(
        "not a file of Keras: neither a zip (.keras) nor HDF5 (.h5, .weights.h5)");
  }

  /** Whether these bytes begin as files of Keras do. */
  static boolean isIt(byte[] bytes) {
    return isZip(bytes) || isHdf(bytes);
  }

  private static boolean isZip(byte[] bytes) {
    return bytes.length > 4 && bytes[0] == 'P' && bytes[1] == 'K';
  }

  private static boolean isHdf(byte[] bytes) {
    return bytes.length > 8 && bytes[1] == 'H' && bytes[2] == 'D' && bytes[3] == 'F';
  }

  private static KerasFile zip(byte[] bytes) {
    String config = null;
    byte[] weights = null;
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (entry.getName().equals("config.json")) {
          config = new String(read(zip, entry, MAX_CONFIG), StandardCharsets.UTF_8);
        } else if (entry.getName().equals("model.weights.h5")) {
          weights = read(zip, entry, (long) MAX_INFLATED * bytes.length);
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new InterchangeException("the .keras file is damaged: " + e.getMessage(), e);
    }
    if (config == null || weights == null) {
      throw new InterchangeException(
          "the .keras file lacks config.json or model.weights.h5: cut short, or no model");
    }
    return new KerasFile(config, weights);
  }

  private static byte[] read(ZipInputStream zip, ZipEntry entry, long limit) throws IOException {
    int most = (int) Math.min(limit, Integer.MAX_VALUE - 16);
    byte[] content = zip.readNBytes(most);
    if (zip.read() >= 0) {
      throw new InterchangeException(
          "'%s' in the .keras file is larger than %,d bytes".formatted(entry.getName(), most));
    }
    return content;
  }
}
