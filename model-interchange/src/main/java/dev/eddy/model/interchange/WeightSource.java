package dev.eddy.model.interchange;

import dev.eddy.model.net.Network;
import java.util.List;

/** A foreign file that gives each layer of a network its weights. Asked in the network's order. */
interface WeightSource {
  /** This layer's weights as Eddy orders them. */
  float[] weights(Leaf leaf);

  /** What the file holds beyond what was asked for. */
  List<String> unused();

  /** The weights of a whole network. */
  static float[] fill(Network network, WeightSource source) {
    float[] weights = new float[network.weightCount()];
    for (Leaf leaf : Leaf.of(network)) {
      if (leaf.size() > 0) {
        float[] part = source.weights(leaf);
        if (part.length != leaf.size()) {
          throw new InterchangeException(
              "%s takes %d weights, the file has %d for it"
                  .formatted(leaf.path(), leaf.size(), part.length));
        }
        System.arraycopy(part, 0, weights, leaf.at(), part.length);
      }
    }
    if (!source.unused().isEmpty()) {
      throw new InterchangeException(
          "the file holds more than the network takes: %s; add the layers to the network, or leave them out of the file"
              .formatted(source.unused()));
    }
    return weights;
  }
}
