package dev.eddy.model.interchange;

import dev.eddy.model.kernel.Rng;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Files with a few bytes changed; always the same ones. */
final class Mutations {
  private Mutations() {}

  static Stream<byte[]> of(byte[] file, int count) {
    return IntStream.range(0, count).mapToObj(i -> changed(file, Rng.of(1, i, 0)));
  }

  private static byte[] changed(byte[] file, Rng rng) {
    byte[] changed = file.clone();
    for (int i = rng.nextInt(4); i >= 0; i--) {
      int at = rng.nextInt(changed.length);
      switch (rng.nextInt(3)) {
        case 0 -> changed[at] ^= (byte) (1 << rng.nextInt(8));
        case 1 -> changed[at] = (byte) rng.nextInt(256);
        default -> changed[at] = (byte) (rng.nextInt(2) * 255);
      }
    }
    return changed;
  }
}
