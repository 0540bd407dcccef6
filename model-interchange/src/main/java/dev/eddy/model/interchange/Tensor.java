package dev.eddy.model.interchange;

import java.util.Arrays;
import java.util.List;

/**
 * Numbers of a foreign file, row-major.
 *
 * @param name as the file has it
 * @param shape sizes of its dimensions
 * @param data the values; not modified by anybody
 */
record Tensor(String name, List<Integer> shape, float[] data) {

  /** Checks that shape and data agree. */
  Tensor {
    shape = List.copyOf(shape);
    long count = 1;
    for (int size : shape) {
      count = Math.multiplyExact(count, (long) size);
    }
    if (count != data.length) {
      throw new InterchangeException(
          "tensor '%s' %s holds %d values".formatted(name, shape, data.length));
    }
  }

  int rank() {
    return shape.size();
  }

  int size(int dimension) {
    return shape.get(dimension);
  }

  /** This tensor, if it has exactly this shape. */
  Tensor shaped(Integer... expected) {
    if (!shape.equals(List.of(expected))) {
      throw new InterchangeException(
          "tensor '%s' is %s, the network takes %s".formatted(name, shape, List.of(expected)));
    }
    return this;
  }

  /** A matrix with rows and columns exchanged. */
  Tensor transposed() {
    int rows = size(0);
    int columns = size(1);
    float[] t = new float[data.length];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        t[c * rows + r] = data[r * columns + c];
      }
    }
    return new Tensor(name, List.of(columns, rows), t);
  }

  /** Part {@code index} along the first dimension, without that dimension. */
  Tensor part(int index) {
    int length = data.length / size(0);
    return new Tensor(
        name + "[" + index + "]",
        shape.subList(1, shape.size()),
        Arrays.copyOfRange(data, index * length, (index + 1) * length));
  }

  /** {@code length} values of a vector from {@code from} on. */
  Tensor range(int from, int length) {
    return new Tensor(name, List.of(length), Arrays.copyOfRange(data, from, from + length));
  }
}
