package dev.eddy.model.layer;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.eddy.model.kernel.Kernels;

/**
 * What is done to the sums of a layer, element by element. The derivative of each follows from its
 * output alone, so that nobody has to keep the sums.
 */
public enum Activation {
  /** The sum as it is. */
  @JsonProperty("linear")
  LINEAR,
  /** max(sum, 0); its derivative at 0 is 0. */
  @JsonProperty("relu")
  RELU,
  /** The hyperbolic tangent. */
  @JsonProperty("tanh")
  TANH,
  /** The logistic function. */
  @JsonProperty("sigmoid")
  SIGMOID;

  /**
   * {@code y[yOffset + i] = f(x[xOffset + i])} for n elements.
   *
   * @param x Not modified, unless it is y
   * @param y Modified
   */
  void apply(Kernels kernels, int n, float[] x, int xOffset, float[] y, int yOffset) {
    switch (this) {
      case LINEAR -> System.arraycopy(x, xOffset, y, yOffset, n);
      case RELU -> {
        for (int i = 0; i < n; i++) {
          y[yOffset + i] = Math.max(x[xOffset + i], 0f);
        }
      }
      case TANH -> kernels.tanh(n, x, xOffset, y, yOffset);
      case SIGMOID -> kernels.sigmoid(n, x, xOffset, y, yOffset);
    }
  }

  /**
   * {@code dx[dxOffset + i] = dy[i] f'}, the derivative by the sums from that by the outputs y.
   *
   * @param y the outputs, from yOffset. Not modified
   * @param dy from its beginning. Not modified
   * @param dx Modified
   */
  void back(int n, float[] y, int yOffset, float[] dy, float[] dx, int dxOffset) {
    switch (this) {
      case LINEAR -> System.arraycopy(dy, 0, dx, dxOffset, n);
      case RELU -> {
        for (int i = 0; i < n; i++) {
          dx[dxOffset + i] = y[yOffset + i] > 0 ? dy[i] : 0f;
        }
      }
      case TANH -> {
        for (int i = 0; i < n; i++) {
          float value = y[yOffset + i];
          dx[dxOffset + i] = dy[i] * (1 - value * value);
        }
      }
      case SIGMOID -> {
        for (int i = 0; i < n; i++) {
          float value = y[yOffset + i];
          dx[dxOffset + i] = dy[i] * value * (1 - value);
        }
      }
    }
  }
}
