package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A sequence made from another (Sutskever, Vinyals and Le 2014; Cho et al. 2014): the encoder reads
 * a side of the input; what it gives is a side of the decoder's input, for attention layers to ask;
 * what it ends with is what the decoder begins with. The decoder's main part is the main part of
 * the input: for training the wanted output, shifted by one step (teacher forcing).
 *
 * <pre>
 * side "source" --> encoder --> side "memory" ----+
 *                      +-- bridge --> its state   |
 *                                        v        v
 * main part -------------------------> decoder (attention) --> output
 * </pre>
 *
 * <p>The encoder begins each pass afresh and sees the whole source, so it need not be causal; the
 * layer is causal in its main part if the decoder is. The state of an entity is the decoder's, and
 * before it (unless the bridge is none) one float: 0 as long as no step was made, so that the first
 * step begins with what the bridge gives. Generation reads the source once: {@link Built#encode},
 * then {@link Built#decode} step by step. Derivation: docs/layers/encoder-decoder.md.
 *
 * @param encoder reads the source
 * @param decoder reads the main part and all sides
 * @param bridge what the decoder begins with; {@code state} if left out
 * @param source the side that the encoder reads; {@code source} if left out
 * @param memory what the encoder's output is called among the decoder's sides; {@code memory} if
 *     left out
 */
public record EncoderDecoder(
    LayerSpec encoder, LayerSpec decoder, Bridge bridge, String source, String memory)
    implements LayerSpec {
  /** The side that is read if none is named. */
  public static final String SOURCE = "source";

  /** Fills in the defaults. */
  public EncoderDecoder {
    if (encoder == null || decoder == null) {
      throw new IllegalArgumentException("encoder-decoder: needs an encoder and a decoder");
    }
    bridge = bridge == null ? Bridge.STATE : bridge;
    source = source == null ? SOURCE : source;
    memory = memory == null ? Attending.MEMORY : memory;
    if (source.equals(memory)) {
      throw new IllegalArgumentException(
          "encoder-decoder: source and memory are both called '%s': name them apart"
              .formatted(source));
    }
  }

  /** From side {@code source} to side {@code memory}. */
  public static EncoderDecoder of(LayerSpec encoder, LayerSpec decoder, Bridge bridge) {
    return new EncoderDecoder(encoder, decoder, bridge, null, null);
  }

  @Override
  public String kind() {
    return "encoder-decoder";
  }

  private <T> T inside(String child, Supplier<T> action) {
    try {
      return action.get();
    } catch (ShapeException e) {
      throw e.inside(kind(), child);
    }
  }

  /** What the decoder gets for this input. */
  private Shape decoderInput(Shape input) {
    if (!input.sides().contains(source) || input.sides().contains(memory)) {
      throw new ShapeException(
          kind(),
          "reads side '%s' and makes side '%s', but its input has %s"
              .formatted(source, memory, input.widths().keySet()));
    }
    Shape encoded = inside("encoder", () -> encoder.outputShape(input.side(source)));
    return input.withSide(memory, encoded);
  }

  @Override
  public Shape outputShape(Shape input) {
    Shape decoderInput = decoderInput(input);
    return inside("decoder", () -> decoder.outputShape(decoderInput)).withoutSides();
  }

  @Override
  public Built build(Shape input) {
    Shape decoderInput = decoderInput(input);
    Layer reader = inside("encoder", () -> encoder.build(input.side(source)));
    Layer writer = inside("decoder", () -> decoder.build(decoderInput));
    int width = decoderInput.width(Shape.part(memory, Bundle.MAIN));
    checkBridge(reader.stateSize(), writer.stateSize());
    return new Built(this, reader, bridge(reader, writer, width), writer, width);
  }

  private void checkBridge(int from, int to) {
    if (bridge != Bridge.NONE && to == 0) {
      throw new ShapeException(
          kind(), "the decoder has no state to begin with: take bridge 'none'");
    }
    if ((bridge == Bridge.STATE || bridge == Bridge.DENSE) && from == 0) {
      throw new ShapeException(
          kind(), "the encoder ends with no state: take bridge 'pooled' or 'none'");
    }
    if (bridge == Bridge.STATE && from != to) {
      throw new ShapeException(
          kind(),
          ("bridge 'state' copies the encoder's %d floats of state to the decoder's %d: make them"
                  + " alike, or take bridge 'dense'")
              .formatted(from, to));
    }
  }

  /** From the encoder's final state, or its output if pooled, to the decoder's first state. */
  private Layer bridge(Layer reader, Layer writer, int width) {
    LayerSpec dense = new Dense(Math.max(1, writer.stateSize()), Activation.TANH);
    return switch (bridge) {
      case NONE, STATE -> null;
      case DENSE -> dense.build(Shape.of(reader.stateSize()));
      case POOLED -> Sequential.of(new Pool(Pool.Mode.MEAN), dense).build(Shape.of(width));
    };
  }

  /** The layer; beside the whole pass, its two halves. Weights: encoder, bridge, decoder. */
  public static final class Built implements Layer {
    /** What reading the sources gave; states are null where there is no bridge. */
    private record Reading(Bundle memory, float[] states) {}

    private record Trace(Bundle input, Bundle memory, float[] begins) {}

    private final EncoderDecoder spec;
    private final Layer encoder;
    private final Layer bridge; // null: nothing is computed
    private final Layer decoder;
    private final int memoryWidth;

    private Built(
        EncoderDecoder spec, Layer encoder, Layer bridge, Layer decoder, int memoryWidth) {
      this.spec = spec;
      this.encoder = encoder;
      this.bridge = bridge;
      this.decoder = decoder;
      this.memoryWidth = memoryWidth;
    }

    @Override
    public List<Param> params() {
      List<Param> params = new ArrayList<>();
      encoder.params().forEach(param -> params.add(param.under("encoder")));
      if (bridge != null) {
        bridge.params().forEach(param -> params.add(param.under("bridge")));
      }
      decoder.params().forEach(param -> params.add(param.under("decoder")));
      return params;
    }

    private Slice encoder(Slice params) {
      return params.sub(0, encoder.paramSize());
    }

    private Slice bridge(Slice params) {
      return params.sub(encoder.paramSize(), bridge.paramSize());
    }

    private Slice decoder(Slice params) {
      int size = decoder.paramSize();
      return params.sub(params.length() - size, size);
    }

    private boolean bridged() {
      return spec.bridge != Bridge.NONE;
    }

    /** Floats of state of the decoder alone, what {@link #encode} and {@link #decode} take. */
    public int decoderStateSize() {
      return decoder.stateSize();
    }

    @Override
    public int stateSize() {
      return (int) Limits.state(bridged() ? 1 : 0, decoder.stateSize());
    }

    private StateSlice decoder(StateSlice state) {
      return state.sub(state.size() - decoder.stateSize(), decoder.stateSize());
    }

    @Override
    public boolean causal() {
      return decoder.causal();
    }

    /**
     * Reads sources and writes what the decoder begins with.
     *
     * @param from the sources. Not modified
     * @param states the decoder's state of each row. Modified
     * @return the memory
     */
    public Bundle encode(Slice params, Bundle from, StateSlice states, Context context) {
      Reading reading = read(params, from, context);
      for (int b = 0; b < from.batch(); b++) {
        if (bridged()) {
          copy(reading.states(), b, states);
        } else {
          decoder.initialState(decoder(params), states, b);
        }
      }
      return reading.memory();
    }

    /**
     * Makes steps of the output.
     *
     * @param input the decoder's main part. Not modified
     * @param memory what {@link #encode} gave, with as many rows. Not modified
     * @param states the decoder's states before; hold those after. Modified
     */
    public Bundle decode(
        Slice params, Bundle input, Bundle memory, StateSlice states, Context context) {
      return decoder.forward(decoder(params), input.withSide(spec.memory, memory), states, context);
    }

    private Reading read(Slice params, Bundle from, Context context) {
      int batch = from.batch();
      int size = encoder.stateSize();
      StateSlice finals = new StateSlice(context.floats(batch * size), size, 0, size);
      for (int b = 0; b < batch; b++) {
        encoder.initialState(encoder(params), finals, b);
      }
      Bundle memory = encoder.forward(encoder(params), from, finals, context);
      if (bridge == null) {
        return new Reading(memory, bridged() ? finals.data() : null);
      }
      Bundle summary =
          spec.bridge == Bridge.POOLED
              ? memory
              : Bundle.of(new FloatSeq(1, batch, size, finals.data()));
      StateSlice none = new StateSlice(finals.data(), 0, 0, 0);
      Bundle states = bridge.forward(bridge(params), summary, none, context);
      return new Reading(memory, states.main().data());
    }

    private static void copy(float[] states, int b, StateSlice to) {
      System.arraycopy(states, b * to.size(), to.data(), to.row(b), to.size());
    }

    @Override
    public Bundle forward(Slice params, Bundle input, StateSlice state, Context context) {
      Reading reading = read(params, input.side(spec.source), context);
      float[] begins = context.floats(input.batch());
      if (bridged()) {
        begin(input, reading.states(), state, begins);
      }
      Bundle output = decode(params, input, reading.memory(), decoder(state), context);
      context.push(new Trace(input, reading.memory(), begins));
      return output;
    }

    /**
     * Rows that make their first step begin with what the bridge gives. state, begins: Modified.
     */
    private void begin(Bundle input, float[] states, StateSlice state, float[] begins) {
      for (int b = 0; b < begins.length; b++) {
        if (state.data()[state.row(b)] == 0f && input.realSteps(b) > 0) {
          begins[b] = 1f;
          state.data()[state.row(b)] = 1f;
          copy(states, b, decoder(state));
        }
      }
    }

    @Override
    public Bundle backward(
        Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
      Trace trace = context.pop(Trace.class);
      Bundle dInput =
          decoder.backward(decoder(params), dOutput, decoder(dState), context, decoder(grads));
      int batch = trace.begins().length;
      int size = encoder.stateSize();
      float[] dFinals = context.floats(batch * size);
      FloatSeq dMemory = memoryGradient(dInput, trace.memory().main(), context);
      if (bridged()) {
        FloatSeq dStates = statesGradient(trace.begins(), dState, context);
        Bundle dSummary = bridgeBack(params, dStates, context, grads);
        if (spec.bridge == Bridge.POOLED) {
          dMemory = Gradients.plus(dMemory, dSummary.main(), context);
        } else {
          dFinals = dSummary.main().data();
        }
      }
      Bundle dSource =
          encoderBack(params, dMemory, new StateSlice(dFinals, size, 0, size), context, grads);
      return Gradients.plusSides(
          withoutMemory(dInput), Bundle.none().withSide(spec.source, dSource), context);
    }

    /** By the memory; zeros where no layer asked it. */
    private FloatSeq memoryGradient(Bundle dInput, FloatSeq memory, Context context) {
      Bundle side = dInput.sides().get(spec.memory);
      int rows = memory.time() * memory.batch();
      return side != null
          ? side.main()
          : new FloatSeq(
              memory.time(), memory.batch(), memoryWidth, context.floats(rows * memoryWidth));
    }

    /**
     * By what the bridge gave, {@code [1][B][D]}: that by the states of rows that began, where it
     * ends. dState: Modified.
     */
    private FloatSeq statesGradient(float[] begins, StateSlice dState, Context context) {
      StateSlice dDecoder = decoder(dState);
      int size = dDecoder.size();
      float[] d = context.floats(begins.length * size);
      for (int b = 0; b < begins.length; b++) {
        if (begins[b] != 0f) {
          System.arraycopy(dDecoder.data(), dDecoder.row(b), d, b * size, size);
          Arrays.fill(dState.data(), dState.row(b), dState.row(b) + dState.size(), 0f);
        }
      }
      return new FloatSeq(1, begins.length, size, d);
    }

    private Bundle bridgeBack(Slice params, FloatSeq dStates, Context context, Slice grads) {
      StateSlice none = new StateSlice(dStates.data(), 0, 0, 0);
      return bridge == null
          ? Bundle.of(dStates)
          : bridge.backward(bridge(params), Bundle.of(dStates), none, context, bridge(grads));
    }

    private Bundle encoderBack(
        Slice params, FloatSeq dMemory, StateSlice dFinals, Context context, Slice grads) {
      Bundle dSource =
          encoder.backward(encoder(params), Bundle.of(dMemory), dFinals, context, encoder(grads));
      for (int b = 0; b < dMemory.batch(); b++) {
        encoder.initialStateBack(encoder(params), dFinals, b, encoder(grads));
      }
      return dSource;
    }

    private Bundle withoutMemory(Bundle dInput) {
      Bundle less = Bundle.none();
      for (String part : dInput.parts().keySet()) {
        less = less.with(part, dInput.floats(part));
      }
      for (Map.Entry<String, Bundle> side : dInput.sides().entrySet()) {
        less =
            side.getKey().equals(spec.memory)
                ? less
                : less.withSide(side.getKey(), side.getValue());
      }
      return less;
    }

    @Override
    public void initialState(Slice params, StateSlice state, int b) {
      Layer.super.initialState(params, state, b);
      if (!bridged()) {
        decoder.initialState(decoder(params), state, b);
      }
    }

    @Override
    public void initialStateBack(Slice params, StateSlice dState, int b, Slice grads) {
      if (!bridged()) {
        decoder.initialStateBack(decoder(params), dState, b, decoder(grads));
      }
    }
  }
}
