package dev.eddy.model.interchange;

import dev.eddy.model.model.ModelFileException;
import dev.eddy.model.model.Safetensors;
import java.util.Map;

/** What a file is, told by its content. */
enum Format {
  PYTORCH("PyTorch"),
  KERAS("Keras"),
  ONNX("ONNX"),
  EDDY_NETWORK("Eddy"),
  EDDY_MODEL("Eddy");

  private final String text;

  Format(String text) {
    this.text = text;
  }

  boolean isEddy() {
    return this == EDDY_NETWORK || this == EDDY_MODEL;
  }

  /** The format of these bytes; whatever is none of the others might be ONNX, which has no mark. */
  static Format of(byte[] bytes) {
    if (KerasFile.isIt(bytes)) {
      return KERAS;
    }
    // A header of safetensors begins with a brace behind 8 bytes of length, the upper half zero.
    boolean braced = bytes.length > 8 && bytes[8] == '{' && bytes[6] == 0 && bytes[7] == 0;
    return braced ? safetensors(bytes) : ONNX;
  }

  private static Format safetensors(byte[] bytes) {
    try {
      Map<String, String> metadata = Safetensors.read(bytes).metadata();
      if (!"eddy".equals(metadata.get("format"))) {
        return PYTORCH;
      }
      return metadata.containsKey("eddy.task") ? EDDY_MODEL : EDDY_NETWORK;
    } catch (ModelFileException e) {
      throw new InterchangeException(e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
