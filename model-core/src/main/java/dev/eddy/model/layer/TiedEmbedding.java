package dev.eddy.model.layer;

import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.seq.IntSeq;
import java.util.ArrayList;
import java.util.List;

/**
 * An embedding and an output layer that share one matrix (Press and Wolf 2017; Inan, Khosravi and
 * Socher 2017), with layers between them: ids in, one score for each id out. The gradients of both
 * uses add up. Derivation: docs/layers/embedding.md.
 *
 * <p>The matrix lies as the output layer's {@code W [units][vocabulary]}: scores are a product over
 * it as it is, and the vector of an id is a column, {@code units} floats picked one by one. Nothing
 * is copied however large the vocabulary.
 *
 * @param vocabulary how many ids there are: they run from 0 to this, exclusive
 * @param units floats of an id's vector; what the layers between take and must give
 * @param layers what lies between embedding and scores, first to last
 * @param part the part of the input that holds the ids; the main one if left out
 */
public record TiedEmbedding(int vocabulary, int units, List<LayerSpec> layers, String part)
    implements LayerSpec {

  /** Keeps a copy and fills in the default. */
  public TiedEmbedding {
    EmbeddingTable.check("tied-embedding", vocabulary, units);
    if (layers == null || layers.isEmpty()) {
      throw new IllegalArgumentException("tied-embedding: needs at least one layer");
    }
    layers = List.copyOf(layers);
    part = part == null ? Bundle.MAIN : part;
  }

  /** Of the main part. */
  public static TiedEmbedding of(int vocabulary, int units, LayerSpec... layers) {
    return new TiedEmbedding(vocabulary, units, List.of(layers), null);
  }

  @Override
  public String kind() {
    return "tied-embedding";
  }

  private Shape embedded(Shape input) {
    ShapeException.ids(this, input, part);
    return Shape.of(units).withSidesOf(input);
  }

  @Override
  public Shape outputShape(Shape input) {
    Shape embedded = embedded(input);
    Shape given = Children.as(kind(), () -> new Sequential(layers).outputShape(embedded));
    if (!given.equals(Shape.of(units))) {
      throw new ShapeException(
          kind(),
          ("its layers give %s, but what is scored against the embeddings must be {%s=%d}: end with"
                  + " a dense layer of %d units")
              .formatted(given.widths(), Bundle.MAIN, units, units));
    }
    return Shape.of(vocabulary);
  }

  @Override
  public Layer build(Shape input) {
    outputShape(input);
    Shape embedded = embedded(input);
    return new Built(
        vocabulary, units, part, Children.as(kind(), () -> new Sequential(layers).build(embedded)));
  }

  /** W, then b, then the weights of the body. */
  private record Built(int vocabulary, int units, String part, Layer body) implements Layer {
    private record Trace(Bundle input, FloatSeq h) {}

    @Override
    public List<Param> params() {
      // Columns of about unit length: scores then spread as what is scored does.
      Param.Init init = Inits.normal((float) StrictMath.sqrt(1.0 / units));
      List<Param> params = new ArrayList<>();
      params.add(new Param("W", units, vocabulary, init));
      params.add(new Param("b", 1, vocabulary, Inits.constant(0)));
      params.addAll(body.params());
      return params;
    }

    @Override
    public int stateSize() {
      return body.stateSize();
    }

    @Override
    public boolean causal() {
      return body.causal();
    }

    private Slice matrix(Slice params) {
      return params.sub(0, units * vocabulary);
    }

    private Slice bias(Slice params) {
      return params.sub(units * vocabulary, vocabulary);
    }

    private Slice inner(Slice params) {
      int at = (units + 1) * vocabulary;
      return params.sub(at, params.length() - at);
    }

    @Override
    public Bundle forward(Slice params, Bundle input, StateSlice state, Context context) {
      Slice w = matrix(params);
      Bundle embedded = input.onlyMain(embed(w, input, context)).withSidesOf(input);
      Bundle output = body.forward(inner(params), embedded, state, context);
      FloatSeq h = output.main();
      int rows = h.time() * h.batch();
      float[] y = context.floats(rows * vocabulary);
      Products.fillRows(rows, vocabulary, bias(params), y);
      Products.addTimes(context.kernels(), rows, units, vocabulary, h.data(), w, y);
      context.push(new Trace(input, h));
      return context.output(output, vocabulary, y);
    }

    private FloatSeq embed(Slice w, Bundle input, Context context) {
      IntSeq ids = input.ids(part);
      EmbeddingTable.checkIds("tied-embedding", part, ids, input, vocabulary);
      float[] x = context.floats(ids.time() * ids.batch() * units);
      for (int row = 0; row < ids.time() * ids.batch(); row++) {
        if (input.real(row / ids.batch(), row % ids.batch())) {
          int column = w.offset() + ids.data()[row];
          for (int j = 0; j < units; j++) {
            x[row * units + j] = w.data()[column + j * vocabulary];
          }
        }
      }
      return new FloatSeq(ids.time(), ids.batch(), units, x);
    }

    @Override
    public Bundle backward(
        Slice params, Bundle dOutput, StateSlice dState, Context context, Slice grads) {
      Trace trace = context.pop(Trace.class);
      FloatSeq h = trace.h();
      int rows = h.time() * h.batch();
      float[] dy = dOutput.main().data();
      Slice dW = matrix(grads);
      Products.addWeightGradient(context.kernels(), rows, units, vocabulary, h.data(), dy, dW);
      Products.addBiasGradient(context.kernels(), rows, vocabulary, dy, bias(grads));
      float[] dh = Products.inputGradient(rows, units, vocabulary, dy, matrix(params), context);
      Bundle dBody = Bundle.of(new FloatSeq(h.time(), h.batch(), units, dh));
      Bundle dEmbedded = body.backward(inner(params), dBody, dState, context, inner(grads));
      embedBack(trace.input(), dEmbedded.main().data(), dW);
      return Bundle.none().withSidesOf(dEmbedded);
    }

    private void embedBack(Bundle input, float[] dx, Slice dW) {
      IntSeq ids = input.ids(part);
      for (int row = 0; row < ids.time() * ids.batch(); row++) {
        if (input.real(row / ids.batch(), row % ids.batch())) {
          int column = dW.offset() + ids.data()[row];
          for (int j = 0; j < units; j++) {
            dW.data()[column + j * vocabulary] += dx[row * units + j];
          }
        }
      }
    }

    @Override
    public void initialState(Slice params, StateSlice state, int b) {
      body.initialState(inner(params), state, b);
    }

    @Override
    public void initialStateBack(Slice params, StateSlice dState, int b, Slice grads) {
      body.initialStateBack(inner(params), dState, b, inner(grads));
    }
  }
}
