package dev.eddy.model.testing;

import dev.eddy.model.layer.Activation;
import dev.eddy.model.layer.ActivationLayer;
import dev.eddy.model.layer.Crf;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.Gather;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Sum;
import dev.eddy.model.testing.Tape.Var;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The oracle's formulas of containers and of layers without memory. */
final class BasicFormulas {
  private BasicFormulas() {}

  static void register() {
    Oracle.formula(Sequential.class, BasicFormulas::sequential);
    Oracle.formula(Sum.class, BasicFormulas::sum);
    Oracle.formula(
        ActivationLayer.class,
        (oracle, spec, input) ->
            each(input.get("x"), x -> activation(oracle.tape(), spec.function(), x)));
    Oracle.formula(Dense.class, BasicFormulas::dense);
    Oracle.formula(Gather.class, BasicFormulas::gather);
    Oracle.formula(Crf.class, BasicFormulas::crf);
  }

  private static Var[][] sequential(Oracle oracle, Sequential spec, Map<String, Var[][]> input) {
    Map<String, Var[][]> parts = input;
    for (LayerSpec layer : spec.layers()) {
      parts = Oracle.inside(input, oracle.apply(layer, parts));
    }
    return parts.get("x");
  }

  private static Var[][] sum(Oracle oracle, Sum spec, Map<String, Var[][]> input) {
    Var[][] total = null;
    for (LayerSpec term : spec.terms()) {
      Var[][] output = oracle.apply(term, input);
      total = total == null ? output : plus(oracle, total, output);
    }
    return total;
  }

  private static Var[][] gather(Oracle oracle, Gather spec, Map<String, Var[][]> input) {
    return each(input.get("x"), x -> spec.indices().stream().map(i -> x[i]).toArray(Var[]::new));
  }

  private static Var[][] dense(Oracle oracle, Dense spec, Map<String, Var[][]> input) {
    Var[][] x = input.get("x");
    int out = spec.units();
    Var[] w = oracle.weights(x[0].length * out);
    Var[] b = oracle.weights(out);
    return each(
        x,
        row -> {
          Var[] sums = new Var[out];
          for (int j = 0; j < out; j++) {
            sums[j] = oracle.tape().affine(b[j], row, w, out, j);
          }
          return activation(oracle.tape(), spec.activation(), sums);
        });
  }

  /** A row of sums through an activation. */
  static Var[] activation(Tape tape, Activation activation, Var... sums) {
    if (activation == Activation.SOFTMAX) {
      Var total = tape.leaf(0);
      for (Var sum : sums) {
        total = tape.add(total, tape.exp(sum));
      }
      Var all = total;
      return Arrays.stream(sums).map(sum -> tape.div(tape.exp(sum), all)).toArray(Var[]::new);
    }
    return Arrays.stream(sums).map(sum -> elementwise(tape, activation, sum)).toArray(Var[]::new);
  }

  private static Var elementwise(Tape tape, Activation activation, Var sum) {
    double x = sum.value();
    return switch (activation) {
      case LINEAR -> sum;
      case RELU -> tape.relu(sum);
      case TANH -> tape.tanh(sum);
      case SIGMOID -> tape.sigmoid(sum);
      case LEAKY_RELU -> tape.scale(sum, x > 0 ? 1 : 0.01);
      case ELU -> x > 0 ? sum : tape.sub(tape.exp(sum), tape.leaf(1));
      case HARD_SIGMOID ->
          Math.abs(x) < 2.5
              ? tape.add(tape.scale(sum, 0.2), tape.leaf(0.5))
              : tape.leaf(x > 0 ? 1 : 0);
      case SOFTPLUS ->
          tape.function(sum, StrictMath.log1p(StrictMath.exp(x)), 1 / (1 + StrictMath.exp(-x)));
      case SWISH -> tape.mul(sum, tape.sigmoid(sum));
      case GELU -> {
        Var cube = tape.mul(sum, tape.mul(sum, sum));
        Var argument = tape.add(sum, tape.scale(cube, 0.044715));
        Var tanh = tape.tanh(tape.scale(argument, StrictMath.sqrt(2 / StrictMath.PI)));
        yield tape.scale(tape.mul(sum, tape.add(tape.leaf(1), tanh)), 0.5);
      }
      case SOFTMAX -> throw new AssertionError("works on rows");
    };
  }

  /** Transitions beside every label's score. */
  private static Var[][] crf(Oracle oracle, Crf spec, Map<String, Var[][]> input) {
    int labels = spec.labels();
    Var[] between = oracle.weights(labels * labels);
    Var[] start = oracle.weights(labels);
    Var[] end = oracle.weights(labels);
    return each(
        input.get("x"),
        e -> {
          List<Var> y = new ArrayList<>();
          for (int ij = 0; ij < between.length; ij++) {
            y.add(oracle.tape().add(e[ij % labels], between[ij]));
          }
          for (int j = 0; j < labels; j++) {
            y.add(oracle.tape().add(e[j], start[j]));
          }
          y.addAll(List.of(end));
          return y.toArray(Var[]::new);
        });
  }

  /** Element by element. */
  static Var[][] plus(Oracle oracle, Var[][] a, Var[][] b) {
    Var[][] sum = new Var[a.length][];
    for (int t = 0; t < a.length; t++) {
      sum[t] = new Var[a[t].length];
      for (int j = 0; j < a[t].length; j++) {
        sum[t][j] = oracle.tape().add(a[t][j], b[t][j]);
      }
    }
    return sum;
  }

  /** The same at every step. */
  static Var[][] each(Var[][] x, UnaryOperator<Var[]> map) {
    return Arrays.stream(x).map(map).toArray(Var[][]::new);
  }
}
