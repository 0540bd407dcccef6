package dev.eddy.model.vector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VectorProviderTest {
  @Test
  void eachRungSaysWhatToDo() {
    assertThat(VectorProvider.refusal(false, true, 256)).contains("optimising compiler");
    assertThat(VectorProvider.refusal(true, false, 256)).contains("multiply-add");
    assertThat(VectorProvider.refusal(true, true, 64)).contains("64 bits wide");
    assertThat(VectorProvider.refusal(true, true, 128)).isNull();
    assertThat(VectorProvider.refusal(true, true, 512)).isNull();
  }

  @Test
  void thisJvmHasNoReason() {
    assertThat(new VectorProvider().refusal()).isNull();
  }
}
