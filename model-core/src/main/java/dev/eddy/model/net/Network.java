package dev.eddy.model.net;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.kernel.Rng;
import dev.eddy.model.layer.Context;
import dev.eddy.model.layer.Layer;
import dev.eddy.model.layer.LayerKinds;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Limits;
import dev.eddy.model.layer.Param;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.layer.Slice;
import dev.eddy.model.layer.StateSlice;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A network built from its specification: layers, the table of its flat weights, and nothing that
 * changes. Weights are one {@code float[]}, the states of a batch another {@code float[B *
 * stateSize]}; both belong to the caller.
 *
 * <p>Arrays that go in must stay as they are until the matching backward is done; arrays that come
 * out live until {@link Context#reset()}.
 */
public final class Network {
  private static final ObjectMapper CANONICAL =
      LayerKinds.register(
          JsonMapper.builder().enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY).build());

  private final LayerSpec spec;
  private final Shape input;
  private final List<Expected> expected; // parts of the input
  private final Layer root;
  private final List<Param> params;
  private final int weightCount;
  private final int outputWidth;
  private final long architectureHash;

  /**
   * A part that the input must have.
   *
   * @param side the side that has it; null for the input itself
   * @param width floats in a step; 0 for a part of integer ids
   * @param last whether no other part of the same side follows
   */
  private record Expected(String side, String part, int width, boolean last) {
    static List<Expected> of(Shape input) {
      List<Expected> all = new ArrayList<>();
      add(all, null, input.withoutSides());
      for (String side : input.sides()) {
        add(all, side, input.side(side));
      }
      return List.copyOf(all);
    }

    private static void add(List<Expected> all, String side, Shape parts) {
      int end = all.size() + parts.widths().size();
      parts
          .widths()
          .forEach((part, w) -> all.add(new Expected(side, part, w, all.size() + 1 == end)));
    }

    void check(Bundle input) {
      Bundle bundle = side == null ? input : input.side(side);
      if (width == 0) {
        bundle.ids(part);
      } else if (bundle.floats(part).width() != width) {
        throw new IllegalArgumentException(
            "input part '%s' must be %d wide, got %d"
                .formatted(part, width, bundle.floats(part).width()));
      }
      if (last) {
        bundle.check();
      }
    }
  }

  private Network(LayerSpec spec, Shape input) {
    this.spec = spec;
    this.input = input;
    this.expected = Expected.of(input);
    this.outputWidth = spec.outputShape(input).main();
    this.root = spec.build(input);
    this.params = root.params();
    this.weightCount = root.paramSize();
    Limits.checkState(root.stateSize());
    this.architectureHash = hash(spec, input);
  }

  /**
   * Builds a network. Throws IllegalArgumentException, naming the layer's path, where shapes do not
   * fit, and where it would be larger than {@link Limits} allow.
   */
  public static Network build(LayerSpec spec, Shape input) {
    return new Network(spec, input);
  }

  /** What it was built from. */
  public LayerSpec spec() {
    return spec;
  }

  /** What it takes. */
  public Shape input() {
    return input;
  }

  /** Floats in a step of its output. */
  public int outputWidth() {
    return outputWidth;
  }

  /** Whether it can run on an endless series, event by event. */
  public boolean causal() {
    return root.causal();
  }

  /** Floats of weights. */
  public int weightCount() {
    return weightCount;
  }

  /** Floats of state for one entity. */
  public int stateSize() {
    return root.stateSize();
  }

  /** Every weight matrix by path, in memory order. */
  public List<Param> params() {
    return params;
  }

  /**
   * Where a weight matrix begins in the weights.
   *
   * @param path its name as {@link #params} has it, for example {@code embedding0.E}
   * @throws IllegalArgumentException if there is none of that name
   */
  public int offset(String path) {
    int at = 0;
    for (Param param : params) {
      if (param.name().equals(path)) {
        return at;
      }
      at += param.size();
    }
    throw new IllegalArgumentException(
        "no weights '%s' in the network, only %s"
            .formatted(path, params.stream().map(Param::name).toList()));
  }

  /**
   * A stable hash of specification and input shape: states of different architectures never mix.
   */
  public long architectureHash() {
    return architectureHash;
  }

  /** Fresh weights; the same seed gives the same bits. */
  public float[] initialWeights(long seed) {
    return initialWeights(seed, Map.of());
  }

  /**
   * Fresh weights of which some start otherwise than their layers would have it.
   *
   * @param others by whole steps of a path: {@code lstm0.U}, {@code U} or {@code lstm0}
   * @throws IllegalArgumentException if one is for no weights, or two are for the same
   */
  public float[] initialWeights(long seed, Map<String, Param.Init> others) {
    for (String path : others.keySet()) {
      if (params.stream().noneMatch(param -> param.isAt(path))) {
        throw new IllegalArgumentException(
            "no weights '%s' in the network, only %s"
                .formatted(path, params.stream().map(Param::name).toList()));
      }
    }
    float[] weights = new float[weightCount];
    int at = 0;
    for (int i = 0; i < params.size(); i++) {
      Param param = params.get(i);
      init(param, others).fill(weights, at, param.rows(), param.columns(), Rng.of(seed, i, 0));
      at += param.size();
    }
    return weights;
  }

  private static Param.Init init(Param param, Map<String, Param.Init> others) {
    List<String> paths = others.keySet().stream().filter(param::isAt).sorted().toList();
    if (paths.size() > 1) {
      throw new IllegalArgumentException(
          "weights '%s' are to start in %d ways, by %s"
              .formatted(param.name(), paths.size(), paths));
    }
    return paths.isEmpty() ? param.init() : others.get(paths.get(0));
  }

  /**
   * Writes the state of an entity that has seen nothing into row b of states {@code
   * [B][stateSize]}.
   */
  public void initialState(float[] weights, float[] states, int b) {
    initialState(Slice.of(weights), states, b);
  }

  void initialState(Slice weights, float[] states, int b) {
    checkStates(states, b + 1);
    root.initialState(weights, new StateSlice(states, stateSize(), 0, stateSize()), b);
  }

  /**
   * This network with weights that stay as they are: layers pack them once, not in every pass. For
   * serving.
   *
   * @param weights copied, so that changes to them do not show. Not modified
   * @param kernels those of the contexts that it will run with
   */
  public Prepared prepare(float[] weights, Kernels kernels) {
    checkWeights("weights", weights);
    return new Prepared(this, weights.clone(), kernels);
  }

  /** Runs T steps for B sequences; a serving step is T = 1. states: Modified. */
  public FloatSeq forward(float[] weights, Bundle input, float[] states, Context context) {
    return run(weights, input, states, context).main();
  }

  /**
   * The same, with the lengths and mask of the output, which differ from the input's where a layer
   * makes fewer steps of many. states: Modified.
   */
  public Bundle run(float[] weights, Bundle input, float[] states, Context context) {
    checkWeights("weights", weights);
    return run(Slice.of(weights), input, states, context);
  }

  Bundle run(Slice weights, Bundle input, float[] states, Context context) {
    for (int i = 0; i < expected.size(); i++) {
      expected.get(i).check(input);
    }
    for (int b = 0; b < input.batch(); b++) {
      if (input.starts(b)) {
        initialState(weights, states, b);
      }
    }
    context.push(input);
    return root.forward(weights, input, rows(states, input.batch(), context), context);
  }

  /**
   * Adds the derivative by the weights to grads, after a traced forward of the same context. The
   * gradient of the state after the last step is taken to be zero (a truncation cut). grads:
   * Modified.
   *
   * @return the derivative by each float part of the input
   */
  public Bundle backward(float[] weights, FloatSeq dOutput, Context context, float[] grads) {
    StateSlice dState = dState(weights, dOutput, context, grads);
    Bundle dInput =
        root.backward(Slice.of(weights), Bundle.of(dOutput), dState, context, Slice.of(grads));
    initialStateBack(weights, dState, context, grads);
    return dInput;
  }

  /**
   * {@link #backward} without the derivative by the input, which training does not read: the same
   * grads with less work. grads: Modified.
   */
  public void backwardToWeights(float[] weights, FloatSeq dOutput, Context context, float[] grads) {
    StateSlice dState = dState(weights, dOutput, context, grads);
    root.backwardToWeights(Slice.of(weights), Bundle.of(dOutput), dState, context, Slice.of(grads));
    initialStateBack(weights, dState, context, grads);
  }

  /** Checks what goes into backward; zeros for the derivative by the last state. */
  private StateSlice dState(float[] weights, FloatSeq dOutput, Context context, float[] grads) {
    checkWeights("weights", weights);
    checkWeights("grads", grads);
    if (dOutput.width() != outputWidth) {
      throw new IllegalArgumentException(
          "backward: dOutput must be %d wide like the network's output, got %d"
              .formatted(outputWidth, dOutput.width()));
    }
    int batch = dOutput.batch();
    return rows(context.floats(batch * stateSize()), batch, context);
  }

  private void initialStateBack(
      float[] weights, StateSlice dState, Context context, float[] grads) {
    Bundle input = context.pop(Bundle.class);
    for (int b = 0; b < input.batch(); b++) {
      if (input.starts(b)) {
        root.initialStateBack(Slice.of(weights), dState, b, Slice.of(grads));
      }
    }
  }

  private void checkWeights(String name, float[] array) {
    if (array.length != weightCount) {
      throw new IllegalArgumentException(
          "%s: the network has %d weights, got an array of %d: it belongs to another network"
              .formatted(name, weightCount, array.length));
    }
  }

  private StateSlice rows(float[] states, int batch, Context context) {
    checkStates(states, batch);
    return StateSlice.of(states, stateSize(), context);
  }

  private void checkStates(float[] states, int batch) {
    int size = stateSize();
    if (states.length < (long) batch * size) {
      throw new IllegalArgumentException(
          "states of %d entities need %d floats, got %d"
              .formatted(batch, (long) batch * size, states.length));
    }
  }

  private static long hash(LayerSpec spec, Shape input) {
    try {
      String image = input.image() == null ? "" : input.image().toString();
      String text =
          CANONICAL.writerFor(LayerSpec.class).writeValueAsString(spec) + input.widths() + image;
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).getLong();
    } catch (JsonProcessingException | NoSuchAlgorithmException e) {
      throw new IllegalStateException("cannot hash the network's specification", e);
    }
  }
}
