package dev.eddy.model.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.kernel.PortableKernels;
import dev.eddy.model.testing.Bits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Every layer computes what it computed when the file was written, on whatever JVM this runs. */
class LayerBitsTest {
  @Test
  void areThoseOfTheFile() throws IOException {
    Path file = Path.of("src/test/resources/golden/bits.txt");
    assertThat(Bits.lines(new PortableKernels()))
        .as("a new case is added by Bits.main; a changed hash is a change of bits")
        .isEqualTo(Files.readAllLines(file));
  }
}
