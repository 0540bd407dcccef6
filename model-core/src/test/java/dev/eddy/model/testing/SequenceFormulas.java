package dev.eddy.model.testing;

import dev.eddy.model.layer.Embedding;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.TiedEmbedding;
import dev.eddy.model.testing.Tape.Var;
import java.util.Map;

/** The oracle's formulas of embeddings, pooling and convolution. */
final class SequenceFormulas {
  private SequenceFormulas() {}

  static void register() {
    Oracle.formula(Embedding.class, SequenceFormulas::embedding);
    Oracle.formula(TiedEmbedding.class, SequenceFormulas::tiedEmbedding);
  }

  private static int id(Var[] step) {
    return (int) step[0].value();
  }

  private static Var[][] embedding(Oracle oracle, Embedding spec, Map<String, Var[][]> input) {
    int n = spec.units();
    Var[] table = oracle.weights(spec.vocabulary() * n);
    return BasicFormulas.each(
        input.get(spec.part()),
        step -> {
          Var[] y = new Var[n];
          for (int j = 0; j < n; j++) {
            boolean nothing = spec.padding() != null && id(step) == spec.padding();
            y[j] = nothing ? oracle.tape().leaf(0) : table[id(step) * n + j];
          }
          return y;
        });
  }

  private static Var[][] tiedEmbedding(
      Oracle oracle, TiedEmbedding spec, Map<String, Var[][]> input) {
    int n = spec.units();
    int words = spec.vocabulary();
    Var[] w = oracle.weights(n * words);
    Var[] b = oracle.weights(words);
    Var[][] embedded =
        BasicFormulas.each(
            input.get(spec.part()),
            step -> {
              Var[] x = new Var[n];
              for (int j = 0; j < n; j++) {
                x[j] = w[j * words + id(step)];
              }
              return x;
            });
    Var[][] h = oracle.apply(new Sequential(spec.layers()), Oracle.inside(input, embedded));
    return BasicFormulas.each(
        h,
        row -> {
          Var[] y = new Var[words];
          for (int word = 0; word < words; word++) {
            y[word] = oracle.tape().affine(b[word], row, w, words, word);
          }
          return y;
        });
  }
}
