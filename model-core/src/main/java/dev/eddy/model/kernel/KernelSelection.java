package dev.eddy.model.kernel;

/** Chooses the kernels of this JVM, once. */
public final class KernelSelection {
  private static final Kernels PORTABLE = new PortableKernels();

  private KernelSelection() {}

  /** The kernels to use in this JVM. */
  public static Kernels kernels() {
    return PORTABLE;
  }
}
