package dev.eddy.model.layer;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.eddy.model.kernel.Functions;
import dev.eddy.model.kernel.Kernels;
import java.util.Locale;

/**
 * What is done to the sums x of a layer. All but softmax work element by element. At a kink the
 * derivative is that of the flatter side. docs/layers/dense.md has all derivatives.
 */
public enum Activation {
  /** x as it is. */
  @JsonProperty("linear")
  LINEAR,
  /** max(x, 0). */
  @JsonProperty("relu")
  RELU,
  /** The hyperbolic tangent. */
  @JsonProperty("tanh")
  TANH,
  /** The logistic function. */
  @JsonProperty("sigmoid")
  SIGMOID,
  /** x where it is positive, else 0.01 x (Maas, Hannun and Ng 2013; PyTorch's slope). */
  @JsonProperty("leakyRelu")
  LEAKY_RELU,
  /** x where it is positive, else exp(x) - 1 (Clevert, Unterthiner and Hochreiter 2016). */
  @JsonProperty("elu")
  ELU,
  /** x within [0, 1] of 0.2 x + 0.5: Keras 2, ONNX; PyTorch's has a slope of 1/6. */
  @JsonProperty("hardSigmoid")
  HARD_SIGMOID,
  /** log(1 + exp(x)). */
  @JsonProperty("softplus")
  SOFTPLUS,
  /** x sigmoid(x), also called SiLU (Ramachandran, Zoph and Le 2017). */
  @JsonProperty("swish")
  SWISH,
  /**
   * x sigmoid(2 k (x + 0.044715 x^3)) with k the root of 2 / pi: the form of GELU made with tanh
   * (Hendrycks and Gimpel 2016), within 5e-4 of that made with erf.
   */
  @JsonProperty("gelu")
  GELU,
  /** exp(x[i]) over the sum of all exp(x[j]) of a row. */
  @JsonProperty("softmax")
  SOFTMAX;

  private static final float LEAK = 0.01f;
  private static final float HARD_SLOPE = 0.2f;

  /** Twice the root of 2 / pi. */
  private static final float GELU_SCALE = 1.5957692f;

  private static final float GELU_CUBE = 0.044715f;

  /** As configurations spell it. */
  @Override
  public String toString() {
    return switch (this) {
      case LEAKY_RELU -> "leakyRelu";
      case HARD_SIGMOID -> "hardSigmoid";
      default -> name().toLowerCase(Locale.ROOT);
    };
  }

  /** Whether the derivative needs x; otherwise it follows from y. */
  boolean readsSums() {
    return this == SOFTPLUS || this == SWISH || this == GELU;
  }

  /**
   * {@code y = f(x)} for rows of n elements each.
   *
   * @param x Not modified, unless it is y
   * @param y Modified
   */
  void apply(Context context, int rows, int n, float[] x, float[] y) {
    if (this == SOFTMAX) {
      System.arraycopy(x, 0, y, 0, rows * n);
      float[] partials = Softmax.partials(context);
      for (int r = 0; r < rows; r++) {
        Softmax.apply(context.kernels(), n, y, r * n, partials);
      }
    } else {
      apply(context.kernels(), rows * n, x, 0, y, 0);
    }
  }

  /**
   * {@code y[yOffset + i] = f(x[xOffset + i])} for n elements; not for softmax.
   *
   * @param x Not modified, unless it is y
   * @param y Modified
   */
  void apply(Kernels kernels, int n, float[] x, int xOffset, float[] y, int yOffset) {
    switch (this) {
      case LINEAR -> System.arraycopy(x, xOffset, y, yOffset, n);
      case TANH -> kernels.tanh(n, x, xOffset, y, yOffset);
      case SIGMOID -> kernels.sigmoid(n, x, xOffset, y, yOffset);
      case RELU -> {
        for (int i = 0; i < n; i++) {
          y[yOffset + i] = Math.max(x[xOffset + i], 0f);
        }
      }
      default -> {
        for (int i = 0; i < n; i++) {
          y[yOffset + i] = value(x[xOffset + i]);
        }
      }
    }
  }

  private float value(float x) {
    return switch (this) {
      case LEAKY_RELU -> x > 0 ? x : LEAK * x;
      case ELU -> x > 0 ? x : expMinusOne(x);
      case HARD_SIGMOID -> Math.max(0f, Math.min(1f, Math.fma(HARD_SLOPE, x, 0.5f)));
      case SOFTPLUS -> Functions.softplus(x);
      case SWISH -> x * Functions.sigmoid(x);
      case GELU -> x * Functions.sigmoid(geluArgument(x));
      case LINEAR, RELU, TANH, SIGMOID, SOFTMAX -> throw new AssertionError(this);
    };
  }

  /** For x up to 0, through tanh(x / 2), which keeps the digits of a small x. */
  private static float expMinusOne(float x) {
    float t = Functions.tanh(0.5f * x);
    return 2 * t / (1 - t);
  }

  private static float geluArgument(float x) {
    return GELU_SCALE * Math.fma(GELU_CUBE * x * x, x, x);
  }

  /**
   * The loss's derivative by the sums, from that by the outputs, for rows of n elements each.
   *
   * @param x the sums; not looked at unless {@link #readsSums}. Not modified
   * @param y the outputs. Not modified
   * @param dy Not modified
   * @param dx Modified
   */
  void back(Kernels kernels, int rows, int n, float[] x, float[] y, float[] dy, float[] dx) {
    if (this == SOFTMAX) {
      System.arraycopy(dy, 0, dx, 0, rows * n);
      for (int r = 0; r < rows; r++) {
        Softmax.back(kernels, n, y, r * n, dx);
      }
    } else if (readsSums()) {
      for (int i = 0; i < rows * n; i++) {
        dx[i] = dy[i] * slope(x[i]);
      }
    } else {
      back(rows * n, y, 0, dy, dx, 0);
    }
  }

  private float slope(float x) {
    if (this == SOFTPLUS) {
      return Functions.sigmoid(x);
    }
    boolean swish = this == SWISH;
    float s = Functions.sigmoid(swish ? x : geluArgument(x));
    float bend = s * (1 - s);
    if (bend == 0) {
      return s; // far out, where x may be too large for its square
    }
    float inner = swish ? 1 : GELU_SCALE * Math.fma(3 * GELU_CUBE * x, x, 1f);
    return Math.fma(x * inner, bend, s);
  }

  /**
   * {@code dx[dxOffset + i] = dy[i] f'} where f' follows from the outputs, element by element.
   *
   * @param y the outputs, from yOffset. Not modified
   * @param dy from its beginning. Not modified
   * @param dx Modified
   */
  void back(int n, float[] y, int yOffset, float[] dy, float[] dx, int dxOffset) {
    for (int i = 0; i < n; i++) {
      dx[dxOffset + i] = dy[i] * slopeAt(y[yOffset + i]);
    }
  }

  /** The derivative where the output is y; for those whose derivative follows from it. */
  float slopeAt(float y) {
    return switch (this) {
      case LINEAR -> 1f;
      case RELU -> y > 0 ? 1f : 0f;
      case TANH -> 1 - y * y;
      case SIGMOID -> y * (1 - y);
      case LEAKY_RELU -> y > 0 ? 1f : LEAK;
      case ELU -> y > 0 ? 1f : y + 1;
      case HARD_SIGMOID -> y > 0 && y < 1 ? HARD_SLOPE : 0f;
      case SOFTPLUS, SWISH, GELU, SOFTMAX -> throw new AssertionError(this);
    };
  }
}
