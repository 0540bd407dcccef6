package dev.eddy.model.interchange;

import dev.eddy.model.layer.Shape;
import dev.eddy.model.model.ModelFileException;
import dev.eddy.model.model.Safetensors;
import dev.eddy.model.model.SavedNetwork;
import dev.eddy.model.net.Network;
import java.util.Map;
import java.util.TreeMap;

/**
 * Takes over weights trained elsewhere, with proof or not at all: what the other framework computed
 * for a reference input must come out here too. How to write such a reference: docs/interchange.md.
 */
public final class Import {
  /** What a reference inside a file of weights is called. */
  private static final String INSIDE = "reference.";

  private Import() {}

  /**
   * A network taken over.
   *
   * @param network with its weights
   * @param proof how close it comes to the reference
   */
  public record Imported(SavedNetwork network, Proof proof) {}

  /**
   * Weights of a PyTorch state dict, saved as safetensors.
   *
   * @param file the state dict. Not modified
   * @param reference a safetensors file with x (or ids) and y; null if the state dict's file holds
   *     them as {@code reference.x} and {@code reference.y}. Not modified
   * @param name what the network will be called
   * @param network what it computes: a state dict does not say
   * @param modules for a layer's path the module whose weights it takes; layers left out take the
   *     first that fits
   * @throws InterchangeException if layers and tensors do not match, there is no reference, or it
   *     does not come out
   */
  public static Imported pytorch(
      byte[] file, byte[] reference, String name, Network network, Map<String, String> modules) {
    return guarded(
        () -> {
          Safetensors tensors = Safetensors.read(file);
          boolean inside = Reference.isIn(tensors, INSIDE);
          Reference expected = reference(inside ? tensors : null, reference, network);
          WeightSource source = new PyTorchWeights(tensors, inside ? INSIDE : "", modules);
          return proved(name, "pytorch", network, WeightSource.fill(network, source), expected);
        });
  }

  /**
   * A network of ONNX, with the layers that its graph has.
   *
   * @param file the ONNX model, its weights inside. Not modified
   * @param reference a safetensors file with x (or ids) and y. Not modified
   * @param name what the network will be called
   * @throws InterchangeException if the graph holds what Eddy has no layer for, there is no
   *     reference, or it does not come out
   */
  public static Imported onnx(byte[] file, byte[] reference, String name) {
    return guarded(
        () -> {
          OnnxReader.Read read = OnnxReader.read(file);
          Reference expected = reference(null, reference, read.network());
          return proved(name, "onnx", read.network(), read.weights(), expected);
        });
  }

  /**
   * A network of Keras.
   *
   * @param file a .keras, .h5 or .weights.h5 file. Not modified
   * @param reference a safetensors file with x (or ids) and y. Not modified
   * @param name what the network will be called
   * @param network what it computes; null where the file says so itself (all but weights alone)
   * @throws InterchangeException if the model is no chain of layers that Eddy has, is not the
   *     network given, there is no reference, or it does not come out
   */
  public static Imported keras(byte[] file, byte[] reference, String name, Network network) {
    return guarded(
        () -> {
          KerasFile keras = KerasFile.of(file);
          Network described = described(keras, network);
          Reference expected = reference(null, reference, described);
          try (HdfTensors tensors = new HdfTensors(keras.weights())) {
            float[] weights = WeightSource.fill(described, new KerasWeights(tensors));
            return proved(name, "keras", described, weights, expected);
          }
        });
  }

  private static Network described(KerasFile keras, Network given) {
    if (keras.config() == null) {
      if (given == null) {
        throw new InterchangeException(
            "the Keras file holds weights alone: give the network, or save the whole model");
      }
      return given;
    }
    Network described = KerasConfig.network(keras.config());
    if (given != null && !given.spec().equals(described.spec())) {
      throw new InterchangeException(
          "the Keras file describes %s, the network given is %s"
              .formatted(described.spec(), given.spec()));
    }
    return given == null ? described : given;
  }

  /**
   * What a reference gives to a network.
   *
   * @param reference a safetensors file; null if the file of weights holds the reference. Not
   *     modified
   * @param file the file of weights. Not modified
   * @throws InterchangeException if there is no reference in either
   */
  static Shape inputOf(byte[] reference, byte[] file) {
    try {
      if (reference != null) {
        return Reference.inputOf(Safetensors.read(reference), "");
      }
      if (!KerasFile.isIt(file) && Reference.isIn(Safetensors.read(file), INSIDE)) {
        return Reference.inputOf(Safetensors.read(file), INSIDE);
      }
      throw noReference();
    } catch (ModelFileException e) {
      throw new InterchangeException(e.getMessage(), e);
    }
  }

  private static Reference reference(Safetensors inside, byte[] beside, Network network) {
    if (beside != null) {
      return Reference.read(Safetensors.read(beside), "", network.input());
    }
    if (inside != null) {
      return Reference.read(inside, INSIDE, network.input());
    }
    throw noReference();
  }

  private static InterchangeException noReference() {
    return new InterchangeException(
        "no reference: without what the other framework computed, nothing proves that the weights are understood; docs/interchange.md shows how to write one");
  }

  private static Imported proved(
      String name, String framework, Network network, float[] weights, Reference reference) {
    Proof proof = Proof.of(network, weights, reference);
    Map<String, String> provenance = new TreeMap<>();
    provenance.put("imported.from", framework);
    provenance.put("imported.reference.values", Integer.toString(proof.values()));
    provenance.put("imported.reference.maxDifference", Float.toString(proof.maxDifference()));
    return new Imported(new SavedNetwork(name, network, weights, provenance), proof);
  }

  /** One kind of failure for all that a file can be: the caller shows the message. */
  private static Imported guarded(java.util.function.Supplier<Imported> work) {
    try {
      return work.get();
    } catch (ModelFileException | IllegalArgumentException | ArithmeticException e) {
      throw new InterchangeException(e.getMessage(), e);
    }
  }
}
