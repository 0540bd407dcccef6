package dev.eddy.model.loss;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.io.Serializable;

/**
 * Compares outputs with targets. A loss is an immutable record of its parameters, which a
 * configuration or a model file spells as {@code {kind: {parameter: value}}}; {@link LossKinds}
 * lists the kinds. It has no weights: what is learned (the transitions of a CRF) belongs to a layer
 * before it. The conventions for batches stand here, once:
 *
 * <ul>
 *   <li>a target that is not known adds neither loss nor gradient: NaN among float targets, an id
 *       below 0 among ids. Nor does a step that is not real, in the output or in the target;
 *   <li>the loss of a batch is the <b>mean over its known targets</b>: gradients are divided by
 *       their count, whatever weights the targets have;
 *   <li>sums are doubles, added in the order of memory (or by 16 partial sums in a fixed tree), so
 *       that they are the same everywhere;
 *   <li>an output that is NaN shows: the loss is NaN.
 * </ul>
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
public interface Loss extends Serializable {
  /** The name in configurations and model files, for example {@code quantile}. */
  String kind();

  /** Floats in a step of the output. */
  int outputWidth();

  /** What the output is compared with; a width of 0 stands for ids. */
  Shape target();

  /**
   * The loss of a batch and its derivative.
   *
   * @param output the main part {@code [T][B][outputWidth]}, with lengths and mask. Not modified
   * @param target parts as {@link #target} says. Not modified
   * @param dOutput becomes the derivative of the mean loss by the output, {@code
   *     [T][B][outputWidth]}; all zeros where no target is known. Modified
   * @param context kernels and scratch memory
   * @throws IllegalArgumentException if the shapes do not fit, or a target cannot be; the message
   *     names the loss
   */
  LossSum apply(Bundle output, Bundle target, FloatSeq dOutput, Context context);

  /**
   * The loss of sequence b alone, without derivative: what a score is summed up from.
   *
   * @param output as for {@link #apply}. Not modified
   * @param target as for {@link #apply}. Not modified
   * @throws IllegalArgumentException as {@link #apply} does
   */
  LossSum score(Bundle output, Bundle target, int b, Context context);
}
