package dev.eddy.model.layer;

import dev.eddy.model.kernel.Rng;
import java.util.Arrays;

/**
 * How weights start. All of it is a pure function of the generator's seed. Layers choose what is
 * usual for them; {@code Network.initialWeights} takes others by path.
 */
public final class Inits {
  private Inits() {}

  /** All the same value. */
  public static Param.Init constant(float value) {
    return (w, offset, rows, columns, rng) ->
        Arrays.fill(w, offset, offset + rows * columns, value);
  }

  /**
   * Uniform within the square root of 6 / (fanIn + fanOut) (Glorot and Bengio 2010).
   *
   * @param fanOut outputs that one input reaches; below the number of columns where gates lie side
   *     by side
   */
  public static Param.Init glorot(int fanIn, int fanOut) {
    return uniform((float) StrictMath.sqrt(6.0 / (fanIn + fanOut)));
  }

  /**
   * Uniform within the square root of 6 / fanIn (He et al. 2015): for units that pass on half of
   * what they are given (relu). fanIn is the number of rows.
   */
  public static Param.Init heUniform() {
    return (w, offset, rows, columns, rng) ->
        uniform((float) StrictMath.sqrt(6.0 / rows)).fill(w, offset, rows, columns, rng);
  }

  /** Normal with the same variance as {@link #heUniform}, 2 / fanIn. */
  public static Param.Init heNormal() {
    return (w, offset, rows, columns, rng) ->
        normal((float) StrictMath.sqrt(2.0 / rows)).fill(w, offset, rows, columns, rng);
  }

  /** Uniform within [-limit, limit). */
  public static Param.Init uniform(float limit) {
    return (w, offset, rows, columns, rng) -> {
      for (int i = 0; i < rows * columns; i++) {
        w[offset + i] = limit * (2 * rng.nextFloat() - 1);
      }
    };
  }

  /** Normal with mean 0. */
  public static Param.Init normal(float standardDeviation) {
    return (w, offset, rows, columns, rng) -> {
      for (int i = 0; i < rows * columns; i++) {
        w[offset + i] = standardDeviation * (float) rng.nextGaussian();
      }
    };
  }

  /**
   * Square blocks side by side, each a random rotation (Saxe et al. 2014): a recurrent product that
   * neither grows nor shrinks what it carries.
   *
   * @throws IllegalArgumentException when it is used on a matrix that is not made of squares
   */
  public static Param.Init orthogonalBlocks() {
    return (w, offset, rows, columns, rng) -> {
      if (columns % rows != 0) {
        throw new IllegalArgumentException(
            "orthogonal blocks need a number of columns that is a multiple of the rows, got [%d][%d]"
                .formatted(rows, columns));
      }
      for (int block = 0; block < columns / rows; block++) {
        double[][] q = orthogonal(rows, rng);
        for (int r = 0; r < rows; r++) {
          for (int c = 0; c < rows; c++) {
            w[offset + r * columns + block * rows + c] = (float) q[r][c];
          }
        }
      }
    };
  }

  /** Gram-Schmidt, each vector twice for accuracy, over rows of standard normals. */
  private static double[][] orthogonal(int n, Rng rng) {
    double[][] q = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        q[i][j] = rng.nextGaussian();
      }
      for (int pass = 0; pass < 2; pass++) {
        for (int before = 0; before < i; before++) {
          addScaled(q[i], -dot(q[i], q[before]), q[before]);
        }
      }
      double norm = StrictMath.sqrt(dot(q[i], q[i]));
      for (int j = 0; j < n; j++) {
        q[i][j] /= norm;
      }
    }
    return q;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }

  private static void addScaled(double[] to, double s, double[] from) {
    for (int j = 0; j < to.length; j++) {
      to[j] += s * from[j];
    }
  }
}
