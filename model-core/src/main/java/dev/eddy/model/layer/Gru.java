package dev.eddy.model.layer;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.eddy.model.seq.Bundle;

/**
 * Gated recurrent unit (Cho et al. 2014), in both conventions of the reset and of the update gate:
 *
 * <pre>
 * [r z] = sigmoid(x W + h U + b)
 * n  = tanh(x Wn + bn + r (h Un + bh))      resetAfter: the reset acts after the product
 * n  = tanh(x Wn + bn + (r h) Un)           otherwise: before it
 * h' = z h + (1 - z) n                      update keep
 * h' = (1 - z) h + z n                      update replace
 * </pre>
 *
 * <p>h' is output and state. W is Glorot uniform per gate, U orthogonal per gate, b zero. Gate
 * order r z n. Defaults are those of PyTorch, cuDNN and TensorFlow 2's Keras, so that weights from
 * there fit as they are; resetting after the product also makes h U one product. Derivation:
 * docs/layers/gru.md.
 *
 * @param units H
 * @param resetAfter whether the reset gate acts after the product with Un, whose part then has a
 *     bias of its own; true if left out
 * @param update what the update gate says; keep if left out
 * @param recurrentDropout the share of h that the products with U do not see in training, one mask
 *     for each sequence (Gal and Ghahramani 2016)
 * @param learnedState whether the initial state is learned; else it is zero
 */
public record Gru(
    int units,
    Boolean resetAfter,
    Update update,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) float recurrentDropout,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean learnedState)
    implements LayerSpec {

  /** What an open update gate means. */
  public enum Update {
    /** The share of the state that is kept: Cho et al. 2014, PyTorch, Keras, cuDNN, ONNX. */
    @JsonProperty("keep")
    KEEP,
    /** The share of the state that is replaced: Chung et al. 2014. */
    @JsonProperty("replace")
    REPLACE
  }

  /** Checks the number and fills in the defaults. */
  public Gru {
    Limits.checkUnits("gru", units);
    resetAfter = resetAfter == null || resetAfter;
    update = update == null ? Update.KEEP : update;
    Dropout.checkRate("gru: recurrentDropout", recurrentDropout);
  }

  /** Without options. */
  public Gru(int units, Boolean resetAfter, Update update) {
    this(units, resetAfter, update, 0f, false);
  }

  /** With the default conventions. */
  public static Gru of(int units) {
    return new Gru(units, true, Update.KEEP);
  }

  /** The same with recurrent dropout. */
  public Gru withRecurrentDropout(float rate) {
    return new Gru(units, resetAfter, update, rate, learnedState);
  }

  /** The same with a learned initial state. */
  public Gru withLearnedState() {
    return new Gru(units, resetAfter, update, recurrentDropout, true);
  }

  @Override
  public String kind() {
    return "gru";
  }

  @Override
  public Shape outputShape(Shape input) {
    ShapeException.width(this, input, Bundle.MAIN);
    return Shape.of(units);
  }

  @Override
  public Layer build(Shape input) {
    int in = ShapeException.width(this, input, Bundle.MAIN);
    GruGates gates = new GruGates(in, units, update);
    Cell cell = resetAfter ? new GruResetAfter(gates) : new GruResetBefore(gates);
    return Recurrent.of(cell, recurrentDropout, learnedState);
  }
}
