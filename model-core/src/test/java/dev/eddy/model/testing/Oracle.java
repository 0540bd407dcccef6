package dev.eddy.model.testing;

import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.testing.Tape.Var;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Every layer's forward formulas, written on the tape from the equations alone: one sequence at a
 * time, one step after the other, no batches, no windows moved about. Weights and state are
 * consumed in memory order. The formulas themselves stand in one file per family.
 */
public final class Oracle {
  /** The formulas of one kind of layer. */
  @FunctionalInterface
  interface Formula<S extends LayerSpec> {
    /** From parts {@code [T][F]} (ids as numbers, parts of sides as s/p) to {@code [T][out]}. */
    Var[][] apply(Oracle oracle, S spec, Map<String, Var[][]> input);
  }

  private static final Map<Class<?>, Formula<LayerSpec>> FORMULAS = new HashMap<>();

  static {
    AttentionFormulas.register();
    BasicFormulas.register();
    RecurrentFormulas.register();
    CombinedFormulas.register();
    ForecastFormulas.register();
    SequenceFormulas.register();
    ImageFormulas.register();
  }

  private final Tape tape;
  private final Var[] params;
  private final Var[] state;
  private int nextParam;
  private int nextState;
  private boolean fresh;
  private Shape.Image image; // what a step of the main part is; null: no image

  private Oracle(Tape tape, Shape.Image image, Var[] params, Var[] state) {
    this.tape = tape;
    this.image = image;
    this.params = params;
    this.state = state;
  }

  /** Says how a kind of layer is computed. */
  static <S extends LayerSpec> void formula(Class<S> spec, Formula<S> formula) {
    FORMULAS.put(spec, (oracle, layer, input) -> formula.apply(oracle, spec.cast(layer), input));
  }

  /**
   * Runs one sequence.
   *
   * @param shape of the input
   * @param params all weights
   * @param state the state before; holds the state after. Modified
   * @param input parts, each {@code [T][F]}
   * @return {@code [T][out]}
   */
  public static Var[][] run(
      Tape tape,
      LayerSpec spec,
      Shape shape,
      Var[] params,
      Var[] state,
      Map<String, Var[][]> input) {
    Oracle oracle = new Oracle(tape, shape.image(), params, state);
    Var[][] output = oracle.apply(spec, input);
    if (oracle.nextParam != params.length || oracle.nextState != state.length) {
      throw new AssertionError(
          "the oracle of %s used %d of %d weights and %d of %d floats of state"
              .formatted(spec, oracle.nextParam, params.length, oracle.nextState, state.length));
    }
    return output;
  }

  /** Runs a layer, or a layer inside another. */
  Var[][] apply(LayerSpec spec, Map<String, Var[][]> input) {
    Formula<LayerSpec> formula = FORMULAS.get(spec.getClass());
    if (formula == null) {
      throw new AssertionError("no formulas for " + spec.getClass() + ": write them");
    }
    return formula.apply(this, spec, input);
  }

  /** The same, from the layer's initial state; nothing is kept of the state after. */
  Var[][] applyFresh(LayerSpec spec, Map<String, Var[][]> input) {
    boolean kept = fresh;
    fresh = true;
    Var[][] output = apply(spec, input);
    fresh = kept;
    return output;
  }

  /**
   * Runs a layer with a state of its own.
   *
   * @param state the state before; holds the state after. Modified
   */
  Var[][] apply(LayerSpec spec, Map<String, Var[][]> input, Var[] state) {
    Oracle inner = new Oracle(tape, image, params, state);
    inner.nextParam = nextParam;
    Var[][] output = inner.apply(spec, input);
    nextParam = inner.nextParam;
    return output;
  }

  /** How many weights have been consumed. */
  int consumed() {
    return nextParam;
  }

  /** Goes back to where so many weights had been consumed: a layer that runs again. */
  void rewind(int consumed) {
    nextParam = consumed;
  }

  /** Where operations are noted. */
  Tape tape() {
    return tape;
  }

  /** How a step of the main part is an image. */
  Shape.Image image() {
    return image;
  }

  /** Says how a step of the main part is an image from here on. */
  void image(Shape.Image next) {
    image = next;
  }

  /** The next n weights. */
  Var[] weights(int n) {
    nextParam += n;
    return Arrays.copyOfRange(params, nextParam - n, nextParam);
  }

  /** The next n floats of state, before the first step. */
  Var[] state(int n) {
    return fresh
        ? Stream.generate(() -> tape.leaf(0)).limit(n).toArray(Var[]::new)
        : Arrays.copyOfRange(state, nextState, nextState + n);
  }

  /** The same of a layer whose initial state is this one. */
  Var[] stateOr(Var... initial) {
    return fresh ? initial : state(initial.length);
  }

  /** Writes the state after the last step where {@link #state} read it, and moves on. */
  void keep(Var... after) {
    if (fresh) {
      return;
    }
    System.arraycopy(after, 0, state, nextState, after.length);
    nextState += after.length;
  }

  /** The parts that stand beside the main one in a container: this main part, the input's sides. */
  static Map<String, Var[][]> inside(Map<String, Var[][]> input, Var[][] main) {
    Map<String, Var[][]> parts = new HashMap<>();
    input.forEach(
        (name, part) -> {
          if (name.contains("/")) {
            parts.put(name, part);
          }
        });
    parts.put("x", main);
    return parts;
  }
}
