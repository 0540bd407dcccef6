package dev.eddy.model.testing;

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
    int n = spec.units();
    Var[][] x = input.get("x");
    Var[] w = oracle.weights(x[0].length * 4 * n);
    Var[] u = oracle.weights(n * 4 * n);
    Var[] b = oracle.weights(4 * n);
    Var[] h = Arrays.copyOf(oracle.state(2 * n), n);
    Var[] c = Arrays.copyOfRange(oracle.state(2 * n), n, 2 * n);
    Var[][] output = new Var[x.length][];
    for (int t = 0; t < x.length; t++) {
      Var[] hNew = new Var[n];
      Var[] cNew = new Var[n];
      for (int j = 0; j < n; j++) {
        Var[] gate = new Var[4];
        for (int k = 0; k < 4; k++) {
          Var sum = oracle.tape().affine(b[k * n + j], x[t], w, 4 * n, k * n + j);
          sum = oracle.tape().affine(sum, h, u, 4 * n, k * n + j);
          gate[k] = k == 3 ? oracle.tape().tanh(sum) : oracle.tape().sigmoid(sum);
        }
        cNew[j] =
            oracle
                .tape()
                .add(oracle.tape().mul(gate[1], c[j]), oracle.tape().mul(gate[0], gate[3]));
        hNew[j] = oracle.tape().mul(gate[2], oracle.tape().tanh(cNew[j]));
      }
      h = hNew;
      c = cNew;
      output[t] = h;
    }
    oracle.keep(h);
    oracle.keep(c);
    return output;
  }

  private static Var[][] simpleRnn(Oracle oracle, SimpleRnn spec, Map<String, Var[][]> input) {
    Tape tape = oracle.tape();
    int n = spec.units();
    Var[][] x = input.get("x");
    Var[] w = oracle.weights(x[0].length * n);
    Var[] u = oracle.weights(n * n);
    Var[] b = oracle.weights(n);
    Var[] h = oracle.state(n);
    Var[][] output = new Var[x.length][];
    for (int t = 0; t < x.length; t++) {
      Var[] hNew = new Var[n];
      for (int j = 0; j < n; j++) {
        Var sum = tape.affine(tape.affine(b[j], x[t], w, n, j), h, u, n, j);
        hNew[j] = BasicFormulas.activation(tape, spec.activation(), sum)[0];
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
    Var[] h = oracle.state(n);
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
