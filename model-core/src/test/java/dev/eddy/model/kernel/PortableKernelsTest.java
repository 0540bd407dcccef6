package dev.eddy.model.kernel;

import dev.eddy.model.testing.KernelChecks;
import org.junit.jupiter.api.Test;

class PortableKernelsTest {
  private final Kernels kernels = new PortableKernels();

  @Test
  void productsFollowTheDefinition() {
    KernelChecks.products(kernels);
  }

  @Test
  void functionsFollowTheDefinition() {
    KernelChecks.functions(kernels);
  }

  @Test
  void productsWithPackedWeightsFollowTheDefinition() {
    KernelChecks.affines(kernels);
  }

  @Test
  void lstmsFollowTheDefinition() {
    KernelChecks.lstms(kernels);
  }

  @Test
  void dotsFollowTheDefinition() {
    KernelChecks.dots(kernels);
  }
}
