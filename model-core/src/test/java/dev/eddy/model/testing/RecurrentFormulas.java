package dev.eddy.model.testing;

import dev.eddy.model.layer.Activation;
import dev.eddy.model.layer.Gru;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.SimpleRnn;
import dev.eddy.model.testing.Tape.Var;
import java.util.Arrays;
import java.util.Map;

/** The oracle's formulas of recurrent layers. */
final class RecurrentFormulas {
  private RecurrentFormulas() {}

  static void register() {
    Oracle.formula(Lstm.class, RecurrentFormulas::lstm);
    Oracle.formula(SimpleRnn.class, RecurrentFormulas::simpleRnn);
    Oracle.formula(Gru.class, RecurrentFormulas::gru);
  }

  private static Var[][] lstm(Oracle oracle, Lstm spec, Map<String, Var[][]> input) {
    Tape tape = oracle.tape();
    int n = spec.units();
    Var[][] x = input.get("x");
    Var[] w = oracle.weights(x[0].length * 4 * n);
    Var[] u = oracle.weights(n * 4 * n);
    Var[] b = oracle.weights(4 * n);
    Var[] p = spec.peephole() ? oracle.weights(3 * n) : null;
    Activation gates = usual(spec.gateActivation(), Activation.SIGMOID);
    Activation candidate = usual(spec.candidateActivation(), Activation.TANH);
    Activation cell = usual(spec.cellActivation(), Activation.TANH);
    Var[] state = initial(oracle, 2 * n, spec.learnedState());
    Var[] h = Arrays.copyOf(state, n);
    Var[] c = Arrays.copyOfRange(state, n, 2 * n);
    Var[][] output = new Var[x.length][];
    for (int t = 0; t < x.length; t++) {
      Var[] hNew = new Var[n];
      Var[] cNew = new Var[n];
      for (int j = 0; j < n; j++) {
        Var[] sum = new Var[4];
        for (int k = 0; k < 4; k++) {
          sum[k] = tape.affine(b[k * n + j], x[t], w, 4 * n, k * n + j);
          sum[k] = tape.affine(sum[k], h, u, 4 * n, k * n + j);
        }
        Var i = apply(tape, gates, seeing(tape, sum[0], p, j, c[j]));
        Var f = apply(tape, gates, seeing(tape, sum[1], p, n + j, c[j]));
        Var g = apply(tape, candidate, sum[3]);
        cNew[j] = tape.add(tape.mul(f, c[j]), tape.mul(i, g));
        Var o = apply(tape, gates, seeing(tape, sum[2], p, 2 * n + j, cNew[j]));
        hNew[j] = tape.mul(o, apply(tape, cell, cNew[j]));
      }
      h = hNew;
      c = cNew;
      output[t] = h;
    }
    oracle.keep(h);
    oracle.keep(c);
    return output;
  }

  private static Activation usual(Activation chosen, Activation usual) {
    return chosen == null ? usual : chosen;
  }

  private static Var apply(Tape tape, Activation activation, Var sum) {
    return BasicFormulas.activation(tape, activation, sum)[0];
  }

  /** The sum of a gate that sees the cell, if there are peepholes. */
  private static Var seeing(Tape tape, Var sum, Var[] p, int at, Var c) {
    return p == null ? sum : tape.add(sum, tape.mul(p[at], c));
  }

  /** The state before the first step; where it is learned, its weights come last. */
  private static Var[] initial(Oracle oracle, int n, boolean learned) {
    return learned ? oracle.stateOr(oracle.weights(n)) : oracle.state(n);
  }

  private static Var[][] simpleRnn(Oracle oracle, SimpleRnn spec, Map<String, Var[][]> input) {
    Tape tape = oracle.tape();
    int n = spec.units();
    Var[][] x = input.get("x");
    Var[] w = oracle.weights(x[0].length * n);
    Var[] u = oracle.weights(n * n);
    Var[] b = oracle.weights(n);
    Var[] h = initial(oracle, n, spec.learnedState());
    Var[][] output = new Var[x.length][];
    for (int t = 0; t < x.length; t++) {
      Var[] hNew = new Var[n];
      for (int j = 0; j < n; j++) {
        Var sum = tape.affine(tape.affine(b[j], x[t], w, n, j), h, u, n, j);
        hNew[j] = apply(tape, spec.activation(), sum);
      }
      h = hNew;
      output[t] = h;
    }
    oracle.keep(h);
    return output;
  }

  private static Var[][] gru(Oracle oracle, Gru spec, Map<String, Var[][]> input) {
    int n = spec.units();
    Var[][] x = input.get("x");
    Var[] w = oracle.weights(x[0].length * 3 * n);
    Var[] u = oracle.weights(n * 3 * n);
    Var[] b = oracle.weights(3 * n);
    Var[] bh = spec.resetAfter() ? oracle.weights(n) : new Var[n];
    Var[] h = initial(oracle, n, spec.learnedState());
    Var[][] output = new Var[x.length][];
    for (int t = 0; t < x.length; t++) {
      h = gruStep(oracle.tape(), spec, x[t], h, w, u, b, bh);
      output[t] = h;
    }
    oracle.keep(h);
    return output;
  }

  private static Var[] gruStep(
      Tape tape, Gru spec, Var[] x, Var[] h, Var[] w, Var[] u, Var[] b, Var[] bh) {
    int n = spec.units();
    Var[] r = new Var[n];
    Var[] z = new Var[n];
    Var[] resetState = new Var[n];
    for (int j = 0; j < n; j++) {
      r[j] = tape.sigmoid(tape.affine(tape.affine(b[j], x, w, 3 * n, j), h, u, 3 * n, j));
      int at = n + j;
      z[j] = tape.sigmoid(tape.affine(tape.affine(b[at], x, w, 3 * n, at), h, u, 3 * n, at));
      resetState[j] = tape.mul(r[j], h[j]);
    }
    Var[] after = new Var[n];
    for (int j = 0; j < n; j++) {
      int at = 2 * n + j;
      Var sum = tape.affine(b[at], x, w, 3 * n, at);
      Var candidate =
          tape.tanh(
              spec.resetAfter()
                  ? tape.add(sum, tape.mul(r[j], tape.affine(bh[j], h, u, 3 * n, at)))
                  : tape.affine(sum, resetState, u, 3 * n, at));
      Var kept = spec.update() == Gru.Update.KEEP ? z[j] : tape.sub(tape.leaf(1), z[j]);
      Var replaced = tape.sub(tape.leaf(1), kept);
      after[j] = tape.add(tape.mul(kept, h[j]), tape.mul(replaced, candidate));
    }
    return after;
  }
}
