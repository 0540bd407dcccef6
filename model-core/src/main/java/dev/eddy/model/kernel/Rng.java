package dev.eddy.model.kernel;

/**
 * A small seeded random generator of our own (SplitMix64, Steele, Lea and Flood 2014), so that a
 * seed gives the same numbers on every JDK.
 */
public final class Rng {
  private long state;

  /** A generator whose whole sequence follows from the seed. */
  public Rng(long seed) {
    this.state = seed;
  }

  /**
   * A generator for one part of a run, independent of its siblings: (seed, a, b) always gives the
   * same one.
   */
  public static Rng of(long seed, long a, long b) {
    return new Rng(mix(mix(mix(seed) + a) + b));
  }

  /** Begins anew, as {@code of(seed, a, b)} does. */
  public void restart(long seed, long a, long b) {
    state = of(seed, a, b).state;
  }

  /** 64 random bits. */
  public long nextLong() {
    state += 0x9E3779B97F4A7C15L;
    return mix(state);
  }

  /** Uniform in [0, bound). */
  public int nextInt(int bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("bound must be above 0, got " + bound);
    }
    return (int) ((nextLong() >>> 33) % bound);
  }

  /** Uniform in [0, 1), 24 bits. */
  public float nextFloat() {
    return (nextLong() >>> 40) * 0x1p-24f;
  }

  /** Uniform in [0, 1), 53 bits. */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1p-53;
  }

  /** Standard normal, by the polar method (Marsaglia and Bray 1964); StrictMath keeps the bits. */
  public double nextGaussian() {
    while (true) {
      double u = 2 * nextDouble() - 1;
      double v = 2 * nextDouble() - 1;
      double s = u * u + v * v;
      if (s < 1 && s > 0) {
        return u * StrictMath.sqrt(-2 * StrictMath.log(s) / s);
      }
    }
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
