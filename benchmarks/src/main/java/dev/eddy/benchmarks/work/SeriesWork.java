package dev.eddy.benchmarks.work;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * A forecaster to be trained: an LSTM and a linear map of each of its steps, the absolute error of
 * each of the map's outputs, Adam.
 *
 * @param lstm where the LSTM starts
 * @param head where the map starts, {@code [O][H]}
 * @param bias the map's, {@code [O]}
 * @param batch rows of a batch
 * @param time steps of a row
 * @param x inputs of each batch, {@code [batch][time][I]}
 * @param y targets of each batch, {@code [batch][time][O]}
 * @param rate Adam's learning rate at step 0, 1, ...
 * @param threads how many the library may use
 */
public record SeriesWork(
    LstmWeights lstm,
    float[] head,
    float[] bias,
    int batch,
    int time,
    List<float[]> x,
    List<float[]> y,
    IntToDoubleFunction rate,
    int threads) {

  /** O. */
  public int outputs() {
    return bias.length;
  }

  /**
   * The LSTM in Eddy's flat weights of an LSTM and a dense layer.
   *
   * @param flat W {@code [I][4H]}, U {@code [H][4H]}, b {@code [4H]}, then the dense layer's
   */
  public static LstmWeights lstm(float[] flat, int inputs, int hidden) {
    int gates = 4 * hidden;
    int u = inputs * gates;
    int b = u + hidden * gates;
    return new LstmWeights(
        inputs,
        hidden,
        LstmWeights.transposed(Arrays.copyOfRange(flat, 0, u), gates),
        LstmWeights.transposed(Arrays.copyOfRange(flat, u, b), gates),
        Arrays.copyOfRange(flat, b, b + gates));
  }
}
