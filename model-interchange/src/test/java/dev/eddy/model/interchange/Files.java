package dev.eddy.model.interchange;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The fixtures: networks written by PyTorch, Keras and ONNX, with what they give. */
final class Files {
  private Files() {}

  static byte[] read(String name) {
    try (InputStream in = Files.class.getResourceAsStream("/" + name)) {
      if (in == null) {
        throw new IllegalArgumentException("no fixture " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] reference(String name) {
    return read(name + ".reference.safetensors");
  }
}
