package dev.eddy.model.testing;

import java.util.ArrayList;
import java.util.List;

/**
 * Reverse-mode automatic differentiation of scalars in double: every operation notes its operands
 * and its partial derivatives; {@link #backward} walks the notes in reverse. Slow and obviously
 * right.
 */
public final class Tape {
  private final List<Var> notes = new ArrayList<>();

  /** A number and, after backward, the derivative of the result by it. */
  public static final class Var {
    private final double value;
    private final Var left; // null: none
    private final Var right; // null: none
    private final double byLeft;
    private final double byRight;
    private double gradient;

    private Var(double value, Var left, double byLeft, Var right, double byRight) {
      this.value = value;
      this.left = left;
      this.byLeft = byLeft;
      this.right = right;
      this.byRight = byRight;
    }

    /** The number. */
    public double value() {
      return value;
    }

    /** The derivative of what {@link Tape#backward} was called on by this. */
    public double gradient() {
      return gradient;
    }
  }

  private Var note(double value, Var left, double byLeft, Var right, double byRight) {
    Var var = new Var(value, left, byLeft, right, byRight);
    notes.add(var);
    return var;
  }

  /** An input, or a constant. */
  public Var leaf(double value) {
    return note(value, null, 0, null, 0);
  }

  /** Inputs. */
  public Var[] leaves(float[] values, int from, int n) {
    Var[] vars = new Var[n];
    for (int i = 0; i < n; i++) {
      vars[i] = leaf(values[from + i]);
    }
    return vars;
  }

  /** a + b. */
  public Var add(Var a, Var b) {
    return note(a.value + b.value, a, 1, b, 1);
  }

  /** a - b. */
  public Var sub(Var a, Var b) {
    return note(a.value - b.value, a, 1, b, -1);
  }

  /** a b. */
  public Var mul(Var a, Var b) {
    return note(a.value * b.value, a, b.value, b, a.value);
  }

  /** s a, for a constant s. */
  public Var scale(Var a, double s) {
    return note(s * a.value, a, s, null, 0);
  }

  /** a / b. */
  public Var div(Var a, Var b) {
    return note(a.value / b.value, a, 1 / b.value, b, -a.value / (b.value * b.value));
  }

  /** The exponential. */
  public Var exp(Var a) {
    double y = StrictMath.exp(a.value);
    return note(y, a, y, null, 0);
  }

  /** Any function of a, of which value and derivative are known. */
  public Var function(Var a, double value, double derivative) {
    return note(value, a, derivative, null, 0);
  }

  /** The hyperbolic tangent. */
  public Var tanh(Var a) {
    double y = StrictMath.tanh(a.value);
    return note(y, a, 1 - y * y, null, 0);
  }

  /** The natural logarithm. */
  public Var log(Var a) {
    return note(StrictMath.log(a.value), a, 1 / a.value, null, 0);
  }

  /** log(1 + exp(a)). */
  public Var softplus(Var a) {
    return log(add(leaf(1), exp(a)));
  }

  /**
   * The logarithm of the gamma function: shifted to beyond 100, where two terms of Stirling's
   * series are exact to 1e-13.
   */
  public Var logGamma(Var a) {
    double value = 0;
    double slope = 0;
    double z = a.value;
    for (; z < 100; z++) {
      value -= StrictMath.log(z);
      slope -= 1 / z;
    }
    value += (z - 0.5) * StrictMath.log(z) - z + StrictMath.log(2 * StrictMath.PI) / 2;
    value += 1 / (12 * z) - 1 / (360 * z * z * z);
    slope += StrictMath.log(z) - 1 / (2 * z) - 1 / (12 * z * z) + 1 / (120 * z * z * z * z);
    return note(value, a, slope, null, 0);
  }

  /** The logistic function. */
  public Var sigmoid(Var a) {
    double y = 1 / (1 + StrictMath.exp(-a.value));
    return note(y, a, y * (1 - y), null, 0);
  }

  /** max(a, 0). */
  public Var relu(Var a) {
    return note(Math.max(a.value, 0), a, a.value > 0 ? 1 : 0, null, 0);
  }

  /** start + the sum of x[i] w[i * stride + at]. */
  public Var affine(Var start, Var[] x, Var[] w, int stride, int at) {
    Var sum = start;
    for (int i = 0; i < x.length; i++) {
      sum = add(sum, mul(x[i], w[i * stride + at]));
    }
    return sum;
  }

  /** Fills in the derivative of the result by everything on the tape. */
  public void backward(Var result) {
    result.gradient = 1;
    for (int i = notes.size() - 1; i >= 0; i--) {
      Var var = notes.get(i);
      if (var.left != null) {
        var.left.gradient += var.byLeft * var.gradient;
      }
      if (var.right != null) {
        var.right.gradient += var.byRight * var.gradient;
      }
    }
  }
}
