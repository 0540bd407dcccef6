package dev.eddy.model.testing;

import dev.eddy.model.layer.AdditiveAttention;
import dev.eddy.model.layer.AttentionOutput;
import dev.eddy.model.layer.AttentionPooling;
import dev.eddy.model.layer.Bridge;
import dev.eddy.model.layer.DotAttention;
import dev.eddy.model.layer.EncoderDecoder;
import dev.eddy.model.layer.InputFeeding;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.testing.Tape.Var;
import java.util.Arrays;
import java.util.HashMap;
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
    Oracle.formula(InputFeeding.class, AttentionFormulas::inputFeeding);
    Oracle.formula(EncoderDecoder.class, AttentionFormulas::encoderDecoder);
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

  private static Var[][] inputFeeding(
      Oracle oracle, InputFeeding spec, Map<String, Var[][]> input) {
    Var[][] x = input.get("x");
    Map<String, Var[][]> wide =
        Oracle.inside(input, new Var[][] {new Var[x[0].length + spec.width()]});
    int size = stateSize(spec.layer(), wide);
    Var[] before = oracle.state(size + spec.width());
    Var[] inner = Arrays.copyOf(before, size);
    Var[] fed = Arrays.copyOfRange(before, size, before.length);
    Var[][] output = new Var[x.length][];
    int first = oracle.consumed();
    for (int t = 0; t < x.length; t++) {
      oracle.rewind(first);
      Var[][] step = {concat(x[t], fed)};
      output[t] = oracle.apply(spec.layer(), Oracle.inside(input, step), inner)[0];
      fed = Arrays.copyOf(output[t], spec.width());
    }
    oracle.keep(concat(inner, fed));
    return output;
  }

  private static Var[][] encoderDecoder(
      Oracle oracle, EncoderDecoder spec, Map<String, Var[][]> input) {
    Tape tape = oracle.tape();
    Map<String, Var[][]> source = new HashMap<>();
    Map<String, Var[][]> decoderInput = new HashMap<>(input);
    input.forEach(
        (name, part) -> {
          if (name.startsWith(spec.source() + "/")) {
            source.put(name.substring(spec.source().length() + 1), part);
          }
        });
    int encoderSize = stateSize(spec.encoder(), source);
    Var[] finals = tape.leaves(new float[encoderSize], 0, encoderSize);
    Var[][] memory = oracle.apply(spec.encoder(), source, finals);
    decoderInput.put(spec.memory() + "/x", memory);
    int size = stateSize(spec.decoder(), decoderInput);
    if (spec.bridge() == Bridge.NONE) {
      Var[] state = oracle.state(size);
      Var[][] output = oracle.apply(spec.decoder(), decoderInput, state);
      oracle.keep(state);
      return output;
    }
    Var[] begin =
        switch (spec.bridge()) {
          case DENSE -> tanhUnits(oracle, finals, size);
          case POOLED -> tanhUnits(oracle, mean(tape, equal(tape, memory.length), memory), size);
          case STATE, NONE -> finals;
        };
    Var[] before = oracle.state(1 + size);
    boolean begins = before[0].value() == 0;
    Var[] state = begins ? begin.clone() : Arrays.copyOfRange(before, 1, before.length);
    Var[][] output = oracle.apply(spec.decoder(), decoderInput, state);
    oracle.keep(concat(new Var[] {begins ? tape.leaf(1) : before[0]}, state));
    return output;
  }

  private static Var[] tanhUnits(Oracle oracle, Var[] x, int units) {
    Var[] w = oracle.weights(x.length * units);
    Var[] b = oracle.weights(units);
    Var[] y = new Var[units];
    for (int j = 0; j < units; j++) {
      y[j] = oracle.tape().tanh(oracle.tape().affine(b[j], x, w, units, j));
    }
    return y;
  }

  private static Var[] equal(Tape tape, int n) {
    return Stream.generate(() -> tape.leaf(1.0 / n)).limit(n).toArray(Var[]::new);
  }

  private static int stateSize(LayerSpec spec, Map<String, Var[][]> input) {
    Map<String, Integer> widths = new HashMap<>();
    input.forEach((part, steps) -> widths.put(part, steps[0].length));
    return spec.build(new Shape(widths)).stateSize();
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
