package dev.eddy.model.seq;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What goes into a layer and what comes out: named parts of one batch, with lengths and a mask.
 *
 * <p>All parts share T and B. The part named {@value #MAIN} is the main one: layers with one input
 * read it and write it. {@code lengths[b]} says how many steps of sequence {@code b} are real
 * (null: all T). {@code mask[t * B + b]} is false where a single step inside a sequence is missing
 * (null: none is).
 */
public final class Bundle {
  /** The name of the main part. */
  public static final String MAIN = "x";

  private final Map<String, Seq> parts;
  private final int[] lengths; // [B] or null
  private final boolean[] mask; // [T][B] or null

  private Bundle(Map<String, Seq> parts, int[] lengths, boolean[] mask) {
    this.parts = parts;
    this.lengths = lengths;
    this.mask = mask;
  }

  /** A bundle of one part, the main one. */
  public static Bundle of(FloatSeq main) {
    return of(MAIN, main);
  }

  /** A bundle of one named part. */
  public static Bundle of(String name, Seq part) {
    return new Bundle(Map.of(name, part), null, null);
  }

  /**
   * This bundle with one more part, or with that part replaced.
   *
   * @throws IllegalArgumentException if T or B differ from the other parts'
   */
  public Bundle with(String name, Seq part) {
    for (Map.Entry<String, Seq> other : parts.entrySet()) {
      Seq seq = other.getValue();
      if (!other.getKey().equals(name)
          && (seq.time() != part.time() || seq.batch() != part.batch())) {
        throw new IllegalArgumentException(
            "part '%s' is [T=%d][B=%d], part '%s' is [T=%d][B=%d]: parts of a bundle share T and B"
                .formatted(
                    name, part.time(), part.batch(), other.getKey(), seq.time(), seq.batch()));
      }
    }
    Map<String, Seq> more = new LinkedHashMap<>(parts);
    more.put(name, part);
    return new Bundle(more, lengths, mask);
  }

  /** This bundle with the given lengths; {@code lengths[b]} steps of sequence b are real. */
  public Bundle withLengths(int[] lengths) {
    return new Bundle(parts, lengths, mask);
  }

  /** This bundle with the given mask, {@code [T][B]}. */
  public Bundle withMask(boolean[] mask) {
    return new Bundle(parts, lengths, mask);
  }

  /**
   * Only the main part, with this bundle's lengths and mask: what a layer of one input passes on.
   */
  public Bundle onlyMain(FloatSeq main) {
    return new Bundle(Map.of(MAIN, main), lengths, mask);
  }

  /** The parts by name. */
  public Map<String, Seq> parts() {
    return Map.copyOf(parts);
  }

  /** The main part. */
  public FloatSeq main() {
    return floats(MAIN);
  }

  /**
   * A float part by name.
   *
   * @throws IllegalArgumentException if there is none of that name, or it holds ids
   */
  public FloatSeq floats(String name) {
    if (parts.get(name) instanceof FloatSeq seq) {
      return seq;
    }
    throw new IllegalArgumentException(
        "no float part '%s' in the bundle, only %s".formatted(name, parts.keySet()));
  }

  /**
   * An integer part by name.
   *
   * @throws IllegalArgumentException if there is none of that name, or it holds floats
   */
  public IntSeq ids(String name) {
    if (parts.get(name) instanceof IntSeq seq) {
      return seq;
    }
    throw new IllegalArgumentException(
        "no integer part '%s' in the bundle, only %s".formatted(name, parts.keySet()));
  }

  /** Whether the bundle has a float part of this name. */
  public boolean hasFloats(String name) {
    return parts.get(name) instanceof FloatSeq;
  }

  /** T. */
  public int time() {
    return parts.values().iterator().next().time();
  }

  /** B. */
  public int batch() {
    return parts.values().iterator().next().batch();
  }

  /** Real steps of each sequence, {@code [B]}; null where all T are real. */
  public int[] lengths() {
    return lengths;
  }

  /** Whether no step is missing: no lengths and no mask are given. */
  public boolean allReal() {
    return lengths == null && mask == null;
  }

  /** Whether step t of sequence b is real: within its length and not masked. */
  public boolean real(int t, int b) {
    return (lengths == null || t < lengths[b]) && (mask == null || mask[t * batch() + b]);
  }
}
