package dev.eddy.model.vector;

import dev.eddy.model.kernel.Jvm;
import dev.eddy.model.kernel.KernelProvider;
import dev.eddy.model.kernel.Kernels;

/** The rungs of the ladder that need the module itself: compiler, instructions, width. */
public final class VectorProvider implements KernelProvider {
  private static final int NARROWEST = 128;

  @Override
  public String refusal() {
    return refusal(Jvm.hasOptimisingCompiler(), Jvm.hasHardwareFma(), VectorKernels.bits());
  }

  /** Why not, given what the JVM offers; null if nothing stands against it. */
  static String refusal(boolean compiler, boolean fma, int bits) {
    if (!compiler) {
      return "this JVM runs without its optimising compiler, where vectors are slower than plain loops:"
          + " drop -Xint or -XX:TieredStopAtLevel";
    }
    if (!fma) {
      return "this processor or JVM has no fused multiply-add instruction (UseFMA is off), without"
          + " which vectors are slower than plain loops";
    }
    if (bits < NARROWEST) {
      return "vectors are %d bits wide here, at least %d are needed (is UseSSE or UseAVX lowered?)"
          .formatted(bits, NARROWEST);
    }
    return null;
  }

  @Override
  public Kernels kernels() {
    return new VectorKernels();
  }
}
