package dev.eddy.benchmarks.run;

/** Who takes part, in the order of the table. */
public enum Contestant {
  /** Eddy on the kernels that it chooses by itself. */
  EDDY("eddy", "Eddy"),
  /** Eddy on plain Java. */
  PORTABLE("portable", "portable"),
  /** The core itself: nothing but fused multiply-adds. */
  PEAK("peak", "peak"),
  /** ONNX Runtime's Java API, input and output bound to buffers made once. */
  ONNX_RUNTIME("onnxruntime", "ONNX Runtime"),
  /** Deep Java Library on PyTorch, the state kept in native memory. */
  DJL("djl", "DJL-PyTorch"),
  /** Deeplearning4j on nd4j-native. */
  DL4J("dl4j", "DL4J");

  private final String id;
  private final String title;

  Contestant(String id, String title) {
    this.id = id;
    this.title = title;
  }

  /** Its name in the benchmark's parameters and in JSON. */
  public String id() {
    return id;
  }

  /** Its name in tables. */
  public String title() {
    return title;
  }

  /** Whether it is another library. */
  public boolean peer() {
    return ordinal() >= ONNX_RUNTIME.ordinal();
  }
}
