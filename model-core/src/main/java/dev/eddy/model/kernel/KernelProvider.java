package dev.eddy.model.kernel;

/**
 * Kernels that may or may not work in this JVM. Looked for by name, so that this module needs none
 * of theirs.
 */
public interface KernelProvider {
  /** Why the kernels cannot be used here, in words a person can act on; null if they can. */
  String refusal();

  /** The kernels. Only called where nothing was refused. */
  Kernels kernels();
}
