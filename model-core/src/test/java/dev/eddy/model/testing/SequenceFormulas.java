package dev.eddy.model.testing;

import dev.eddy.model.layer.Conv1d;
import dev.eddy.model.layer.Embedding;
import dev.eddy.model.layer.Flatten;
import dev.eddy.model.layer.Padding;
import dev.eddy.model.layer.Pool;
import dev.eddy.model.layer.RepeatVector;
import dev.eddy.model.layer.Reshape;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.TiedEmbedding;
import dev.eddy.model.layer.TimeSubsampling;
import dev.eddy.model.testing.Tape.Var;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The oracle's formulas of embeddings, pooling and convolution. */
final class SequenceFormulas {
  private SequenceFormulas() {}

  static void register() {
    Oracle.formula(Embedding.class, SequenceFormulas::embedding);
    Oracle.formula(TiedEmbedding.class, SequenceFormulas::tiedEmbedding);
    Oracle.formula(Pool.class, SequenceFormulas::pool);
    Oracle.formula(TimeSubsampling.class, SequenceFormulas::timeSubsampling);
    Oracle.formula(RepeatVector.class, SequenceFormulas::repeatVector);
    Oracle.formula(Reshape.class, SequenceFormulas::reshape);
    Oracle.formula(Flatten.class, SequenceFormulas::flatten);
    Oracle.formula(Conv1d.class, SequenceFormulas::conv1d);
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

  private static Var[][] pool(Oracle oracle, Pool spec, Map<String, Var[][]> input) {
    Var[][] x = input.get("x");
    Var[] y = x[spec.mode() == Pool.Mode.LAST ? x.length - 1 : 0].clone();
    for (int t = 1; t < x.length && spec.mode() != Pool.Mode.LAST; t++) {
      for (int j = 0; j < y.length; j++) {
        y[j] =
            spec.mode() == Pool.Mode.MEAN
                ? oracle.tape().add(y[j], x[t][j])
                : x[t][j].value() > y[j].value() ? x[t][j] : y[j];
      }
    }
    if (spec.mode() == Pool.Mode.MEAN) {
      Arrays.setAll(y, j -> oracle.tape().scale(y[j], 1.0 / x.length));
    }
    return new Var[][] {y};
  }

  private static Var[][] timeSubsampling(
      Oracle oracle, TimeSubsampling spec, Map<String, Var[][]> input) {
    Var[][] x = input.get("x");
    return IntStream.range(0, x.length)
        .filter(t -> t % spec.factor() == 0)
        .mapToObj(t -> x[t])
        .toArray(Var[][]::new);
  }

  private static Var[][] repeatVector(
      Oracle oracle, RepeatVector spec, Map<String, Var[][]> input) {
    return Arrays.stream(input.get("x"))
        .flatMap(step -> Stream.generate(() -> step).limit(spec.times()))
        .toArray(Var[][]::new);
  }

  private static Var[][] reshape(Oracle oracle, Reshape spec, Map<String, Var[][]> input) {
    return steps(oracle, spec.width(), input.get("x"));
  }

  private static Var[][] flatten(Oracle oracle, Flatten spec, Map<String, Var[][]> input) {
    Var[][] x = input.get("x");
    return spec.steps() == 0 ? x : steps(oracle, spec.steps() * x[0].length, x);
  }

  /** All values in a row, cut into steps of a width; the last one is filled up with zeros. */
  private static Var[][] steps(Oracle oracle, int width, Var[][] x) {
    List<Var> row = new ArrayList<>(Arrays.stream(x).flatMap(Arrays::stream).toList());
    while (row.size() % width != 0) {
      row.add(oracle.tape().leaf(0));
    }
    return IntStream.range(0, row.size() / width)
        .mapToObj(s -> row.subList(s * width, (s + 1) * width).toArray(Var[]::new))
        .toArray(Var[][]::new);
  }

  private static Var[][] conv1d(Oracle oracle, Conv1d spec, Map<String, Var[][]> input) {
    Var[][] x = input.get("x");
    int in = x[0].length;
    int out = spec.filters();
    Var[] w = oracle.weights(spec.kernel() * in * out);
    Var[] b = oracle.weights(out);
    int reach = (spec.kernel() - 1) * spec.dilation();
    boolean streams = spec.padding() == Padding.CAUSAL && spec.stride() == 1;
    Var[] past = streams ? oracle.state(reach * in) : new Var[0]; // oldest first
    List<Var[]> output = new ArrayList<>();
    int left =
        switch (spec.padding()) {
          case CAUSAL -> reach;
          case SAME -> reach / 2;
          case VALID -> 0;
        };
    int ends = spec.padding() == Padding.VALID ? x.length - reach : x.length;
    for (int t = 0; t < ends; t += spec.stride()) {
      Var[] y = new Var[out];
      for (int j = 0; j < out; j++) {
        y[j] = b[j];
        for (int k = 0; k < spec.kernel(); k++) {
          int at = t + k * spec.dilation() - left;
          for (int f = 0; f < in; f++) {
            Var seen = at(oracle, x, past, at, f);
            y[j] = oracle.tape().add(y[j], oracle.tape().mul(seen, w[(k * in + f) * out + j]));
          }
        }
      }
      output.add(BasicFormulas.activation(oracle.tape(), spec.activation(), y));
    }
    if (streams) {
      Var[] after = new Var[past.length];
      Arrays.setAll(after, i -> at(oracle, x, past, x.length - reach + i / in, i % in));
      oracle.keep(after);
    }
    return output.toArray(Var[][]::new);
  }

  /** Float f of step t; before step 0 what is remembered, and zero beyond. */
  private static Var at(Oracle oracle, Var[][] x, Var[] past, int t, int f) {
    int remembered = past.length + t * x[0].length + f;
    if (t >= 0 && t < x.length) {
      return x[t][f];
    }
    return t < 0 && remembered >= 0 && past.length > 0 ? past[remembered] : oracle.tape().leaf(0);
  }
}
