package dev.eddy.model.testing;

import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.Gather;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lookback;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.NLinear;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Sum;
import dev.eddy.model.testing.Tape.Var;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Every layer's forward formulas, written on the tape from the equations alone: one sequence at a
 * time, one step after the other, no batches, no windows moved about. Weights and state are
 * consumed in memory order.
 */
public final class Oracle {
  private final Tape tape;
  private final Var[] params;
  private final Var[] state;
  private int nextParam;
  private int nextState;

  private Oracle(Tape tape, Var[] params, Var[] state) {
    this.tape = tape;
    this.params = params;
    this.state = state;
  }

  /**
   * Runs one sequence.
   *
   * @param params all weights
   * @param state the state before; holds the state after. Modified
   * @param input parts, each {@code [T][F]}
   * @return {@code [T][out]}
   */
  public static Var[][] run(
      Tape tape, LayerSpec spec, Var[] params, Var[] state, Map<String, Var[][]> input) {
    Oracle oracle = new Oracle(tape, params, state);
    Var[][] output = oracle.apply(spec, input);
    if (oracle.nextParam != params.length || oracle.nextState != state.length) {
      throw new AssertionError(
          "the oracle of %s used %d of %d weights and %d of %d floats of state"
              .formatted(spec, oracle.nextParam, params.length, oracle.nextState, state.length));
    }
    return output;
  }

  private Var[][] apply(LayerSpec spec, Map<String, Var[][]> input) {
    if (spec instanceof Sequential sequential) {
      Map<String, Var[][]> parts = input;
      for (LayerSpec layer : sequential.layers()) {
        parts = Map.of("x", apply(layer, parts));
      }
      return parts.get("x");
    } else if (spec instanceof Sum sum) {
      Var[][] total = null;
      for (LayerSpec term : sum.terms()) {
        Var[][] output = apply(term, input);
        total = total == null ? output : plus(total, output);
      }
      return total;
    } else if (spec instanceof Dense dense) {
      return dense(dense, input.get("x"));
    } else if (spec instanceof Lstm lstm) {
      return lstm(lstm.units(), input.get("x"));
    } else if (spec instanceof Lookback lookback) {
      return lookback(lookback, input.get("series"));
    } else if (spec instanceof NLinear nLinear) {
      return nLinear(nLinear, input.get("x"));
    } else if (spec instanceof Gather gather) {
      return each(
          input.get("x"), x -> gather.indices().stream().map(i -> x[i]).toArray(Var[]::new));
    }
    throw new AssertionError("no oracle for " + spec.getClass() + ": write its formulas here");
  }

  private Var[] take(int n) {
    nextParam += n;
    return Arrays.copyOfRange(params, nextParam - n, nextParam);
  }

  private Var[][] plus(Var[][] a, Var[][] b) {
    Var[][] sum = new Var[a.length][];
    for (int t = 0; t < a.length; t++) {
      sum[t] = new Var[a[t].length];
      for (int j = 0; j < a[t].length; j++) {
        sum[t][j] = tape.add(a[t][j], b[t][j]);
      }
    }
    return sum;
  }

  private static Var[][] each(Var[][] x, java.util.function.UnaryOperator<Var[]> map) {
    return Arrays.stream(x).map(map).toArray(Var[][]::new);
  }

  private Var[][] dense(Dense spec, Var[][] x) {
    int out = spec.units();
    Var[] w = take(x[0].length * out);
    Var[] b = take(out);
    return each(
        x,
        row -> {
          Var[] y = new Var[out];
          for (int j = 0; j < out; j++) {
            Var sum = tape.affine(b[j], row, w, out, j);
            y[j] =
                switch (spec.activation()) {
                  case LINEAR -> sum;
                  case RELU -> tape.relu(sum);
                  case TANH -> tape.tanh(sum);
                  case SIGMOID -> tape.sigmoid(sum);
                };
          }
          return y;
        });
  }

  private Var[][] lstm(int n, Var[][] x) {
    Var[] w = take(x[0].length * 4 * n);
    Var[] u = take(n * 4 * n);
    Var[] b = take(4 * n);
    Var[] h = Arrays.copyOfRange(state, nextState, nextState + n);
    Var[] c = Arrays.copyOfRange(state, nextState + n, nextState + 2 * n);
    Var[][] output = new Var[x.length][];
    for (int t = 0; t < x.length; t++) {
      Var[] hNew = new Var[n];
      Var[] cNew = new Var[n];
      for (int j = 0; j < n; j++) {
        Var[] gate = new Var[4];
        for (int k = 0; k < 4; k++) {
          Var sum = tape.affine(b[k * n + j], x[t], w, 4 * n, k * n + j);
          sum = tape.affine(sum, h, u, 4 * n, k * n + j);
          gate[k] = k == 3 ? tape.tanh(sum) : tape.sigmoid(sum);
        }
        cNew[j] = tape.add(tape.mul(gate[1], c[j]), tape.mul(gate[0], gate[3]));
        hNew[j] = tape.mul(gate[2], tape.tanh(cNew[j]));
      }
      h = hNew;
      c = cNew;
      output[t] = h;
    }
    System.arraycopy(h, 0, state, nextState, n);
    System.arraycopy(c, 0, state, nextState + n, n);
    nextState += 2 * n;
    return output;
  }

  /** The series as it is: an ever longer list of slots, of which the window is the end. */
  private Var[][] lookback(Lookback spec, Var[][] series) {
    int length = spec.length();
    List<Var> slots = new ArrayList<>(List.of(state).subList(nextState, nextState + length));
    int back = Math.max(1, spec.season());
    Var[][] output = new Var[series.length][];
    for (int t = 0; t < series.length; t++) {
      for (int g = 0; g < series[t][2].value(); g++) {
        slots.add(slots.get(slots.size() - back));
      }
      if (series[t][1].value() == 1) {
        slots.set(slots.size() - 1, series[t][0]);
      }
      output[t] = slots.subList(slots.size() - length, slots.size()).toArray(Var[]::new);
    }
    System.arraycopy(
        slots.subList(slots.size() - length, slots.size()).toArray(), 0, state, nextState, length);
    nextState += length;
    return output;
  }

  private Var[][] nLinear(NLinear spec, Var[][] windows) {
    int length = windows[0].length;
    int out = spec.units();
    Var[] w = take(length * out);
    Var[] b = take(out);
    return each(
        windows,
        window -> {
          Var last = window[length - 1];
          Var[] deviations = new Var[length];
          for (int i = 0; i < length; i++) {
            deviations[i] = tape.sub(window[i], last);
          }
          Var[] y = new Var[out];
          for (int h = 0; h < out; h++) {
            y[h] = tape.affine(tape.add(last, b[h]), deviations, w, out, h);
          }
          return y;
        });
  }
}
