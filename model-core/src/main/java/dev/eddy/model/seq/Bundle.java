package dev.eddy.model.seq;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What goes into a layer and what comes out: named parts of one batch, with lengths and a mask.
 *
 * <p>All parts share T and B. The part named {@value #MAIN} is the main one: layers with one input
 * read it and write it. {@code lengths[b]} says how many steps of sequence {@code b} are real
 * (null: all T). {@code mask[t * B + b]} is false where a single step inside a sequence is missing
 * (null: none is). {@code starts[b]} says that sequence b begins with step 0, so that the state
 * before it is the layer's own initial one, whatever the caller's array holds (null: the caller's
 * states count for all).
 *
 * <p>What runs on another clock (the source of a translation beside its target) is a <i>side</i>: a
 * bundle of its own with the same B.
 */
public final class Bundle {
  /** The name of the main part. */
  public static final String MAIN = "x";

  private static final Bundle NONE = new Bundle(Map.of(), Map.of(), null, null, null);

  private final Map<String, Seq> parts;
  private final Map<String, Bundle> sides;
  private final int[] lengths; // [B] or null
  private final boolean[] mask; // [T][B] or null
  private final boolean[] starts; // [B] or null
  private final Seq any; // one of the parts, for the T and B that they share; null without parts

  private Bundle(
      Map<String, Seq> parts,
      Map<String, Bundle> sides,
      int[] lengths,
      boolean[] mask,
      boolean[] starts) {
    this.parts = parts;
    this.sides = sides;
    this.lengths = lengths;
    this.mask = mask;
    this.starts = starts;
    this.any = parts.isEmpty() ? null : parts.values().iterator().next();
  }

  /** No parts at all: the gradient of an input that has none. */
  public static Bundle none() {
    return NONE;
  }

  /** A bundle of one part, the main one. */
  public static Bundle of(FloatSeq main) {
    return of(MAIN, main);
  }

  /** A bundle of one named part. */
  public static Bundle of(String name, Seq part) {
    return new Bundle(Map.of(name, part), Map.of(), null, null, null);
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
    return new Bundle(more, sides, lengths, mask, starts);
  }

  /** This bundle with the given lengths; {@code lengths[b]} steps of sequence b are real. */
  public Bundle withLengths(int[] lengths) {
    return new Bundle(parts, sides, lengths, mask, starts);
  }

  /** This bundle with the given mask, {@code [T][B]}. */
  public Bundle withMask(boolean[] mask) {
    return new Bundle(parts, sides, lengths, mask, starts);
  }

  /** This bundle with sequence b beginning at step 0 where {@code starts[b]}. */
  public Bundle withStarts(boolean[] starts) {
    return new Bundle(parts, sides, lengths, mask, starts);
  }

  /** This bundle with one more side, or with that side replaced. */
  public Bundle withSide(String name, Bundle side) {
    Map<String, Bundle> more = new LinkedHashMap<>(sides);
    more.put(name, side);
    return new Bundle(parts, more, lengths, mask, starts);
  }

  /** This bundle with the sides of another, instead of its own. */
  public Bundle withSidesOf(Bundle other) {
    return sides == other.sides ? this : new Bundle(parts, other.sides, lengths, mask, starts);
  }

  /**
   * Only the main part, with this bundle's lengths, mask and starts: what a layer of one input that
   * keeps the steps passes on.
   */
  public Bundle onlyMain(FloatSeq main) {
    return new Bundle(Map.of(MAIN, main), Map.of(), lengths, mask, starts);
  }

  /**
   * Whether this is what {@link #onlyMain} of another bundle gives for these values, {@code
   * [T][B][width]} with the other's T and B.
   */
  public boolean isOnlyMain(Bundle other, int width, float[] data) {
    return lengths == other.lengths
        && mask == other.mask
        && starts == other.starts
        && sides.isEmpty()
        && parts.size() == 1
        && parts.get(MAIN) instanceof FloatSeq main
        && main.data() == data
        && main.width() == width
        && main.time() == other.time()
        && main.batch() == other.batch();
  }

  /** The parts by name. */
  public Map<String, Seq> parts() {
    return Map.copyOf(parts);
  }

  /** The sides by name. */
  public Map<String, Bundle> sides() {
    return Map.copyOf(sides);
  }

  /**
   * A side by name.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public Bundle side(String name) {
    Bundle side = sides.get(name);
    if (side == null) {
      throw new IllegalArgumentException(
          "no side '%s' in the bundle, only %s".formatted(name, sides.keySet()));
    }
    return side;
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
    return any.time();
  }

  /** B. */
  public int batch() {
    return any.batch();
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

  /** How many steps of sequence b are real. */
  public int realSteps(int b) {
    int count = 0;
    for (int t = 0; t < time(); t++) {
      count += real(t, b) ? 1 : 0;
    }
    return count;
  }

  /** Which sequences begin at step 0, {@code [B]}; null where the caller's states count for all. */
  public boolean[] starts() {
    return starts;
  }

  /** Whether sequence b begins at step 0, from the initial state. */
  public boolean starts(int b) {
    return starts != null && starts[b];
  }

  /**
   * Sees whether lengths, mask and starts fit the parts.
   *
   * @throws IllegalArgumentException saying which does not, what it is and what it should be
   */
  public void check() {
    if (lengths != null) {
      checkCount("lengths [B]", lengths.length, batch());
      for (int b = 0; b < lengths.length; b++) {
        if (lengths[b] < 0 || lengths[b] > time()) {
          throw new IllegalArgumentException(
              "lengths[%d] must be from 0 to T = %d, got %d".formatted(b, time(), lengths[b]));
        }
      }
    }
    if (mask != null) {
      checkCount("mask [T][B]", mask.length, time() * batch());
    }
    if (starts != null) {
      checkCount("starts [B]", starts.length, batch());
    }
  }

  private static void checkCount(String what, int count, int expected) {
    if (count != expected) {
      throw new IllegalArgumentException(
          "%s must have %d values, got %d".formatted(what, expected, count));
    }
  }
}
