package dev.eddy.model.kernel;

/**
 * Elementary functions of our own: the same bits on every JDK and processor, because they are made
 * of multiply-adds, min, max, one division and the bits of a float. {@code Math.tanh} and its kind
 * may differ between JDKs.
 *
 * <p>NaN gives NaN. The stated errors hold for all float inputs and are tested against StrictMath
 * in double. tanh and sigmoid are free of branches and of bit tricks, so that a compiler can turn a
 * loop over them into vector code; every kernel provider repeats their operations in the same
 * order. Coefficients are minimax fits (Lawson's iteration on the relative error).
 */
public final class Functions {
  /** Beyond this tanh rounds to 1. */
  public static final float TANH_CLAMP = 9.02f;

  // tanh(x) = x P(x^2) / Q(x^2), P = P0 + P1 u + ..., relative error 2e-8 before rounding.
  /** Coefficient of u^0 in tanh's numerator. */
  public static final float P0 = 1f;

  /** Coefficient of u^1 in tanh's numerator. */
  public static final float P1 = 0.13379724f;

  /** Coefficient of u^2 in tanh's numerator. */
  public static final float P2 = 0.003494041f;

  /** Coefficient of u^3 in tanh's numerator. */
  public static final float P3 = 2.0583548e-5f;

  /** Coefficient of u^4 in tanh's numerator. */
  public static final float P4 = 1.3319096e-8f;

  /** Coefficient of u^0 in tanh's denominator. */
  public static final float Q0 = 1f;

  /** Coefficient of u^1 in tanh's denominator. */
  public static final float Q1 = 0.4671304f;

  /** Coefficient of u^2 in tanh's denominator. */
  public static final float Q2 = 0.025871102f;

  /** Coefficient of u^3 in tanh's denominator. */
  public static final float Q3 = 3.2831015e-4f;

  /** Coefficient of u^4 in tanh's denominator. */
  public static final float Q4 = 7.762043e-7f;

  /** 1 / log(2), in exp. */
  public static final float LOG2_E = 1.442695f;

  /** log(2) to 9 bits: n * LN2_HIGH is exact for every exponent n. */
  public static final float LN2_HIGH = 0x1.63p-1f;

  /** The rest of log(2). */
  public static final float LN2_LOW = -2.1219444e-4f;

  /** 1.5 * 2^23: adding it rounds to an integer, which then stands in the low bits. */
  public static final float ROUND = 12582912f;

  /** The bits of {@link #ROUND}. */
  public static final int ROUND_BITS = 0x4B400000;

  /** Below this exp is 0. */
  public static final float EXP_LOWEST = -104f;

  /** From here on exp is infinite. */
  public static final float EXP_HIGHEST = 89f;

  // exp(r) = 1 + r + r^2 / 2 + E3 r^3 + ... for |r| <= log(2) / 2; the first three are exact.
  /** Coefficient of r^3 in exp. */
  public static final float E3 = 0.1666641f;

  /** Coefficient of r^4 in exp. */
  public static final float E4 = 0.04166829f;

  /** Coefficient of r^5 in exp. */
  public static final float E5 = 0.008375645f;

  /** Coefficient of r^6 in exp. */
  public static final float E6 = 0.0013835797f;

  private Functions() {}

  /** The hyperbolic tangent; within [-1, 1], relative error at most 4e-7. */
  public static float tanh(float x) {
    float a = Math.max(-TANH_CLAMP, Math.min(TANH_CLAMP, x));
    float u = a * a;
    float p = Math.fma(Math.fma(Math.fma(Math.fma(P4, u, P3), u, P2), u, P1), u, P0);
    float q = Math.fma(Math.fma(Math.fma(Math.fma(Q4, u, Q3), u, Q2), u, Q1), u, Q0);
    return Math.max(-1f, Math.min(1f, a * p / q));
  }

  /**
   * The logistic function 1 / (1 + exp(-x)), as (1 + tanh(x / 2)) / 2; within [0, 1], absolute
   * error at most 2e-7. Far to the left it is 0, not tiny: where the logarithm of it matters use
   * {@link #softplus}.
   */
  public static float sigmoid(float x) {
    return Math.fma(0.5f, tanh(0.5f * x), 0.5f);
  }

  /**
   * The exponential; relative error at most 2e-7 (one unit in the last place where the result is
   * subnormal).
   */
  public static float exp(float x) {
    float a = Math.max(EXP_LOWEST, Math.min(EXP_HIGHEST, x));
    float shifted = Math.fma(a, LOG2_E, ROUND);
    float n = shifted - ROUND;
    float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, a));
    float p = Math.fma(E6, r, E5);
    p = Math.fma(p, r, E4);
    p = Math.fma(p, r, E3);
    p = Math.fma(p, r, 0.5f);
    p = Math.fma(p, r, 1f);
    p = Math.fma(p, r, 1f);
    // 2^n in two factors: n reaches from -150 to 128, beyond what one normal float can hold.
    int exponent = Float.floatToRawIntBits(shifted) - ROUND_BITS;
    int half = exponent >> 1;
    return p * powerOfTwo(half) * powerOfTwo(exponent - half);
  }

  /**
   * The natural logarithm; absolute error at most 1e-7 near 1, relative error at most 2e-7
   * elsewhere.
   */
  public static float log(float x) {
    if (!(x > 0f) || x == Float.POSITIVE_INFINITY) {
      return x == 0f ? Float.NEGATIVE_INFINITY : x > 0f ? x : Float.NaN;
    }
    boolean subnormal = x < Float.MIN_NORMAL;
    int bits = Float.floatToRawIntBits(subnormal ? x * 0x1p23f : x);
    int above =
        bits - 0x3F3504F3; // the bits of sqrt(1/2): the mantissa then lies in [sqrt(1/2), sqrt(2))
    float n = (above >> 23) - (subnormal ? 23 : 0);
    float m = Float.intBitsToFloat((above & 0x7FFFFF) + 0x3F3504F3);
    float f = m - 1f;
    float s = f / (2f + f);
    float v = s * s;
    float p =
        Math.fma(Math.fma(Math.fma(0.11671424f, v, 0.1427518f), v, 0.20000063f), v, 0.33333334f);
    // log(m) = 2 atanh(s) = 2 s + 2 s^3 p; as f - s (f - 2 s^2 p), which keeps the leading term
    // exact.
    float logM = f - s * (f - 2f * v * p);
    return Math.fma(n, LN2_HIGH, Math.fma(n, LN2_LOW, logM));
  }

  /** log(1 + exp(x)) without overflow; relative error at most 4e-7. */
  public static float softplus(float x) {
    float e = exp(-Math.abs(x)); // in (0, 1]
    float s = e / (2f + e); // log(1 + e) = 2 atanh(s), s at most 1/3
    float v = s * s;
    float p = Math.fma(0.11646567f, v, 0.10846453f);
    p = Math.fma(p, v, 0.14296597f);
    p = Math.fma(p, v, 0.19999845f);
    p = Math.fma(p, v, 0.33333334f);
    return Math.max(x, 0f) + 2f * Math.fma(s * v, p, s);
  }

  private static float powerOfTwo(int n) {
    return Float.intBitsToFloat((n + 127) << 23);
  }
}
