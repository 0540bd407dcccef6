package dev.eddy.model.testing;

import dev.eddy.model.layer.Lstm;
import dev.eddy.model.testing.Tape.Var;
import java.util.Arrays;
import java.util.Map;

/** The oracle's formulas of recurrent layers. */
final class RecurrentFormulas {
  private RecurrentFormulas() {}

  static void register() {
    Oracle.formula(Lstm.class, RecurrentFormulas::lstm);
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
}
