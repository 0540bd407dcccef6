package dev.eddy.model.interchange;

import dev.eddy.model.layer.Shape;
import dev.eddy.model.model.Safetensors;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.seq.IntSeq;
import dev.eddy.model.seq.Seq;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What the framework that trained a network made of an input: the proof of an import. Kept as
 * safetensors: {@code x} (or {@code ids}) and {@code y}, with {@code layout} in the metadata,
 * {@code batch-time} or {@code time-batch}; an output of one step per sequence may leave time out.
 *
 * @param input of T steps and B sequences
 * @param output what came out
 */
public record Reference(Bundle input, FloatSeq output) {
  private static final String LAYOUT = "layout";

  private static final String BATCH_TIME = "batch-time";
  private static final String TIME_BATCH = "time-batch";

  /** Values of one reference; a few hundred prove enough. */
  private static final int MAX_VALUES = 1 << 24;

  /**
   * The reference in a safetensors file.
   *
   * @param prefix of its tensors' names: empty, or {@code reference.} beside weights
   * @param network the input of the network: which part the values are
   * @throws InterchangeException if the file holds none
   */
  static Reference read(Safetensors file, String prefix, Shape network) {
    boolean batchFirst = batchFirst(file.metadata().get(LAYOUT));
    boolean ids = file.entries().containsKey(prefix + "ids");
    String inputName = prefix + (ids ? "ids" : "x");
    List<Integer> inputShape = shape(file, inputName);
    List<Integer> outputShape = shape(file, prefix + "y");
    if (inputShape.size() != (ids ? 2 : 3) || outputShape.size() < 2 || outputShape.size() > 3) {
      throw new InterchangeException(
          "the reference's %s is %s and its y %s: with time and batch, floats have 3 sizes, ids 2"
              .formatted(inputName, inputShape, outputShape));
    }
    Seq input =
        ids
            ? ids(file.ids(inputName), inputShape, batchFirst)
            : floats(file.floats(inputName), inputShape, batchFirst);
    FloatSeq output =
        floats(file.floats(prefix + "y"), withTime(outputShape, batchFirst), batchFirst);
    return new Reference(Bundle.of(part(network, ids), input), output);
  }

  /** Whether a file of weights brings a reference along. */
  static boolean isIn(Safetensors file, String prefix) {
    return file.entries().containsKey(prefix + "y");
  }

  /** What the input of a reference is: floats of a width, or ids. */
  static Shape inputOf(Safetensors file, String prefix) {
    if (file.entries().containsKey(prefix + "ids")) {
      return new Shape(Map.of(Bundle.MAIN, 0));
    }
    List<Integer> shape = shape(file, prefix + "x");
    return Shape.of(shape.get(shape.size() - 1));
  }

  private static boolean batchFirst(String layout) {
    if (!BATCH_TIME.equals(layout) && !TIME_BATCH.equals(layout)) {
      throw new InterchangeException(
          "the reference's metadata should say layout: %s or %s, got %s"
              .formatted(BATCH_TIME, TIME_BATCH, layout));
    }
    return BATCH_TIME.equals(layout);
  }

  private static List<Integer> shape(Safetensors file, String name) {
    Safetensors.Entry entry = file.entries().get(name);
    if (entry == null) {
      throw new InterchangeException(
          "the reference lacks '%s': it needs x (or ids) and y, got %s"
              .formatted(name, file.entries().keySet()));
    }
    if (entry.count() > MAX_VALUES || entry.shape().contains(0) || entry.shape().isEmpty()) {
      throw new InterchangeException(
          "the reference's '%s' is %s: at least one value, at most %,d"
              .formatted(name, entry.shape(), MAX_VALUES));
    }
    return entry.shape();
  }

  private static List<Integer> withTime(List<Integer> shape, boolean batchFirst) {
    if (shape.size() == 3) {
      return shape;
    }
    return batchFirst
        ? List.of(shape.get(0), 1, shape.get(1))
        : List.of(1, shape.get(0), shape.get(1));
  }

  private static String part(Shape network, boolean ids) {
    return network.widths().entrySet().stream()
        .filter(part -> (part.getValue() == 0) == ids)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(
            () ->
                new InterchangeException(
                    "the reference gives %s, the network takes %s"
                        .formatted(ids ? "ids" : "x", network.widths())));
  }

  private static IntSeq ids(int[] values, List<Integer> shape, boolean batchFirst) {
    int first = shape.get(0);
    int second = shape.get(1);
    if (!batchFirst) {
      return new IntSeq(first, second, values);
    }
    int[] turned = new int[values.length];
    for (int b = 0; b < first; b++) {
      for (int t = 0; t < second; t++) {
        turned[t * first + b] = values[b * second + t];
      }
    }
    return new IntSeq(second, first, turned);
  }

  private static FloatSeq floats(float[] values, List<Integer> shape, boolean batchFirst) {
    int first = shape.get(0);
    int second = shape.get(1);
    int width = shape.get(2);
    if (!batchFirst) {
      return new FloatSeq(first, second, width, values);
    }
    float[] turned = new float[values.length];
    for (int b = 0; b < first; b++) {
      for (int t = 0; t < second; t++) {
        System.arraycopy(values, (b * second + t) * width, turned, (t * first + b) * width, width);
      }
    }
    return new FloatSeq(second, first, width, turned);
  }

  /** The values of the output, {@code [T][B][O]}. */
  float[] values() {
    return Arrays.copyOf(output.data(), output.time() * output.batch() * output.width());
  }
}
