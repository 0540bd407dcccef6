package dev.eddy.model.testing;

import dev.eddy.model.layer.AdditiveAttention;
import dev.eddy.model.layer.AttentionOutput;
import dev.eddy.model.layer.AttentionPooling;
import dev.eddy.model.layer.DotAttention;
import dev.eddy.model.testing.Tape.Var;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** The oracle's formulas of attention: one query and one step of the memory at a time. */
final class AttentionFormulas {
  private AttentionFormulas() {}

  static void register() {
    Oracle.formula(AdditiveAttention.class, AttentionFormulas::additive);
    Oracle.formula(DotAttention.class, AttentionFormulas::dot);
    Oracle.formula(AttentionPooling.class, AttentionFormulas::pooling);
  }

  private static Var[][] additive(
      Oracle oracle, AdditiveAttention spec, Map<String, Var[][]> input) {
    Tape tape = oracle.tape();
    Var[][] memory = input.get(spec.memory() + "/x");
    int n = spec.units();
    Var[] wq = oracle.weights(input.get("x")[0].length * n);
    Var[] wm = oracle.weights(memory[0].length * n);
    Var[] b = oracle.weights(n);
    Var[] v = oracle.weights(n);
    BiFunction<Var[], Var[], Var> score =
        (q, m) -> {
          Var sum = tape.leaf(0);
          for (int j = 0; j < n; j++) {
            Var inner = tape.affine(tape.affine(b[j], q, wq, n, j), m, wm, n, j);
            sum = tape.add(sum, tape.mul(v[j], tape.tanh(inner)));
          }
          return sum;
        };
    return attend(tape, input.get("x"), memory, score, spec.output());
  }

  private static Var[][] dot(Oracle oracle, DotAttention spec, Map<String, Var[][]> input) {
    Tape tape = oracle.tape();
    Var[][] memory = input.get(spec.memory() + "/x");
    int width = memory[0].length;
    boolean general = spec.score() == DotAttention.Score.GENERAL;
    Var[] w = oracle.weights(general ? input.get("x")[0].length * width : 0);
    BiFunction<Var[], Var[], Var> score =
        (q, m) ->
            switch (spec.score()) {
              case DOT -> product(tape, q, m);
              case SCALED -> tape.scale(product(tape, q, m), 1 / StrictMath.sqrt(q.length));
              case GENERAL -> {
                Var sum = tape.leaf(0);
                for (int i = 0; i < q.length; i++) {
                  for (int j = 0; j < m.length; j++) {
                    sum = tape.add(sum, tape.mul(tape.mul(q[i], w[i * width + j]), m[j]));
                  }
                }
                yield sum;
              }
            };
    return attend(tape, input.get("x"), memory, score, spec.output());
  }

  private static Var[][] pooling(Oracle oracle, AttentionPooling spec, Map<String, Var[][]> input) {
    Tape tape = oracle.tape();
    Var[][] x = input.get("x");
    int n = spec.units();
    int heads = spec.heads();
    Var[] w = oracle.weights(x[0].length * n);
    Var[] b = oracle.weights(n);
    Var[] v = oracle.weights(n * heads);
    Var[] output = {};
    for (int head = 0; head < heads; head++) {
      Var[] scores = new Var[x.length];
      for (int t = 0; t < x.length; t++) {
        Var[] z = new Var[n];
        for (int j = 0; j < n; j++) {
          z[j] = tape.tanh(tape.affine(b[j], x[t], w, n, j));
        }
        scores[t] = tape.affine(tape.leaf(0), z, v, heads, head);
      }
      output = concat(output, mean(tape, softmax(tape, scores), x));
    }
    return new Var[][] {output};
  }

  private static Var[][] attend(
      Tape tape,
      Var[][] queries,
      Var[][] memory,
      BiFunction<Var[], Var[], Var> score,
      AttentionOutput output) {
    return BasicFormulas.each(
        queries,
        q -> {
          Var[] scores = Stream.of(memory).map(m -> score.apply(q, m)).toArray(Var[]::new);
          Var[] context = mean(tape, softmax(tape, scores), memory);
          return output == AttentionOutput.CONCAT ? concat(context, q) : context;
        });
  }

  private static Var product(Tape tape, Var[] a, Var[] b) {
    return tape.affine(tape.leaf(0), a, b, 1, 0);
  }

  private static Var[] softmax(Tape tape, Var[] scores) {
    Var sum = tape.leaf(0);
    for (Var score : scores) {
      sum = tape.add(sum, tape.exp(score));
    }
    Var[] weights = new Var[scores.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = tape.div(tape.exp(scores[i]), sum);
    }
    return weights;
  }

  private static Var[] mean(Tape tape, Var[] weights, Var[][] x) {
    Var[] mean = new Var[x[0].length];
    for (int j = 0; j < mean.length; j++) {
      mean[j] = tape.leaf(0);
      for (int t = 0; t < x.length; t++) {
        mean[j] = tape.add(mean[j], tape.mul(weights[t], x[t][j]));
      }
    }
    return mean;
  }

  private static Var[] concat(Var[] a, Var[] b) {
    return Stream.concat(Stream.of(a), Stream.of(b)).toArray(Var[]::new);
  }
}
