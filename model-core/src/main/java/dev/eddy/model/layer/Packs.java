package dev.eddy.model.layer;

import dev.eddy.model.kernel.Kernels;
import java.util.Arrays;

/**
 * The packed forms of weights that never change, each made when it is first asked for. Where
 * weights may change there is none, and a pass packs them for itself. Safe for many threads.
 */
public final class Packs {

  /** Turns a layer's weights into the form in which its kernels read them. */
  interface Packer {
    /** Floats of the packed form. */
    int packedSize(Kernels kernels);

    /** packed: Modified. */
    void pack(Slice params, Kernels kernels, float[] packed);
  }

  private record Entry(int offset, Packer packer, float[] packed) {}

  private final Kernels kernels;
  private volatile Entry[] entries = {};

  /** None yet; they will be for these kernels. */
  public Packs(Kernels kernels) {
    this.kernels = kernels;
  }

  /**
   * The packed form of a layer's weights.
   *
   * @param params what to pack: one layer's, or a part of it with its own packer. Not modified
   * @param context where it lies if the weights may change
   */
  static float[] packed(Slice params, Packer packer, Context context) {
    Packs packs = params.packs();
    if (packs == null) {
      float[] packed = context.unfilled(packer.packedSize(context.kernels()));
      packer.pack(params, context.kernels(), packed);
      return packed;
    }
    if (packs.kernels != context.kernels()) {
      throw new IllegalArgumentException(
          "weights were prepared for the %s kernels, the context brings other ones (%s)"
              .formatted(packs.kernels.name(), context.kernels().name()));
    }
    Entry[] known = packs.entries;
    for (Entry entry : known) {
      if (entry.offset == params.offset() && entry.packer == packer) {
        return entry.packed;
      }
    }
    return packs.add(params, packer);
  }

  private synchronized float[] add(Slice params, Packer packer) {
    float[] packed = new float[packer.packedSize(kernels)];
    packer.pack(params, kernels, packed);
    Entry[] more = Arrays.copyOf(entries, entries.length + 1);
    more[entries.length] = new Entry(params.offset(), packer, packed);
    entries = more;
    return packed;
  }
}
