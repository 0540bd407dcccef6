package dev.eddy.model.interchange;

import dev.eddy.model.layer.Lstm;
import java.util.Arrays;

/**
 * One direction of a recurrent layer as a foreign file has it, its matrices turned so that inputs
 * are rows: W {@code [I][G * H]}, U {@code [H][G * H]}, with one block of H columns for each of G
 * gates.
 *
 * @param order the file's gates, one letter each: i f o g of an LSTM (g is the candidate, which
 *     others call c), z r n of a GRU (n is the candidate, which others call h)
 * @param w input weights
 * @param u recurrent weights
 * @param inputBias the bias on the input's side, {@code [G * H]}; zeros where the file has none
 * @param recurrentBias the bias on the state's side, {@code [G * H]}
 */
record Gates(String order, Tensor w, Tensor u, float[] inputBias, float[] recurrentBias) {

  /** Checks that the shapes are those of a layer of I inputs and H units. */
  static Gates of(
      String order, int in, int units, Tensor w, Tensor u, Tensor inputBias, Tensor recurrentBias) {
    int columns = order.length() * units;
    return new Gates(
        order,
        w.shaped(in, columns),
        u.shaped(units, columns),
        bias(inputBias, columns),
        bias(recurrentBias, columns));
  }

  private static float[] bias(Tensor bias, int columns) {
    return bias == null ? new float[columns] : bias.shaped(columns).data();
  }

  private int units() {
    return u.size(0);
  }

  /** Weights of {@link Lstm}: W, U and one bias, gates i f o g. */
  float[] lstm() {
    String wanted = "ifog";
    return join(
        arranged(w.data(), wanted), arranged(u.data(), wanted), arranged(oneBias(), wanted));
  }

  /** Both biases in one: they only ever meet in their sum. */
  private float[] oneBias() {
    float[] sum = new float[inputBias.length];
    for (int i = 0; i < sum.length; i++) {
      // Not a plain sum: -0 + 0 would lose the sign.
      sum[i] = recurrentBias[i] == 0 ? inputBias[i] : inputBias[i] + recurrentBias[i];
    }
    return sum;
  }

  /** The blocks of each row in another order of gates. */
  private float[] arranged(float[] from, String wanted) {
    int units = units();
    int columns = order.length() * units;
    float[] to = new float[from.length];
    for (int row = 0; row < from.length; row += columns) {
      for (int gate = 0; gate < wanted.length(); gate++) {
        int source = order.indexOf(wanted.charAt(gate));
        System.arraycopy(from, row + source * units, to, row + gate * units, units);
      }
    }
    return to;
  }

  /** Arrays one behind the other. */
  static float[] join(float[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    float[] all = new float[length];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }
}
