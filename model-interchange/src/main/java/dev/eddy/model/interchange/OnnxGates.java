package dev.eddy.model.interchange;

import dev.eddy.model.layer.Gru;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lstm;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Weights of recurrent layers as ONNX has them: W {@code [D][G * H][I]}, R {@code [D][G * H][H]}, B
 * {@code [D][2 * G * H]} with the input's bias before the state's, for D directions. Gates of an
 * LSTM: i o f g (g is called c there); of a GRU: z r n (n is called h).
 */
final class OnnxGates {
  private OnnxGates() {}

  /** The operator's order of gates. */
  static String order(LayerSpec spec) {
    return spec instanceof Lstm ? "iofg" : spec instanceof Gru ? "zrn" : "n";
  }

  /** Adds W, R and B of the directions of a layer to a graph and gives their names. */
  static List<String> write(OnnxGraph graph, String path, LayerSpec spec, List<Gates> directions) {
    List<Gates> theirs = directions.stream().map(g -> g.arranged(order(spec))).toList();
    int d = directions.size();
    int in = theirs.get(0).w().size(0);
    int units = theirs.get(0).u().size(0);
    int rows = theirs.get(0).w().size(1);
    return List.of(
        graph.weights(
            path + ".W", List.of(d, rows, in), all(theirs, g -> g.w().transposed().data())),
        graph.weights(
            path + ".R", List.of(d, rows, units), all(theirs, g -> g.u().transposed().data())),
        graph.weights(
            path + ".B",
            List.of(d, 2 * rows),
            all(theirs, g -> Gates.join(g.inputBias(), g.recurrentBias()))));
  }

  private static float[] all(List<Gates> directions, Function<Gates, float[]> part) {
    return Gates.join(directions.stream().map(part).toArray(float[][]::new));
  }

  /**
   * The directions in an operator's weights.
   *
   * @param b null where the operator has no bias
   */
  static List<Gates> read(LayerSpec spec, int in, Tensor w, Tensor r, Tensor b) {
    String order = order(spec);
    int units = Gates.units(spec);
    int rows = order.length() * units;
    int d = w.size(0);
    w.shaped(d, rows, in);
    r.shaped(d, rows, units);
    List<Gates> directions = new ArrayList<>();
    for (int i = 0; i < d; i++) {
      Tensor bias = b == null ? null : b.shaped(d, 2 * rows).part(i);
      directions.add(
          Gates.of(
              order,
              in,
              units,
              w.part(i).transposed(),
              r.part(i).transposed(),
              bias == null ? null : bias.range(0, rows),
              bias == null ? null : bias.range(rows, rows)));
    }
    return directions;
  }
}
