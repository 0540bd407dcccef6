package dev.eddy.model.testing;

import dev.eddy.model.layer.Bidirectional;
import dev.eddy.model.layer.Concat;
import dev.eddy.model.layer.Dropout;
import dev.eddy.model.layer.LayerNorm;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Part;
import dev.eddy.model.layer.Residual;
import dev.eddy.model.testing.Tape.Var;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The oracle's formulas of what is put around layers and between them. */
final class CombinedFormulas {
  private CombinedFormulas() {}

  static void register() {
    Oracle.formula(Bidirectional.class, CombinedFormulas::bidirectional);
    Oracle.formula(Concat.class, CombinedFormulas::concat);
    Oracle.formula(Dropout.class, (oracle, spec, input) -> input.get("x")); // nobody is training
    Oracle.formula(LayerNorm.class, CombinedFormulas::layerNorm);
    Oracle.formula(Part.class, (oracle, spec, input) -> input.get(spec.name()));
    Oracle.formula(
        Residual.class,
        (oracle, spec, input) ->
            BasicFormulas.plus(oracle, input.get("x"), oracle.apply(spec.layer(), input)));
  }

  private static Var[][] bidirectional(
      Oracle oracle, Bidirectional spec, Map<String, Var[][]> input) {
    Tape tape = oracle.tape();
    Var[][] ahead = oracle.applyFresh(spec.layer(), input);
    Map<String, Var[][]> backwards = new HashMap<>();
    input.forEach((name, part) -> backwards.put(name, name.contains("/") ? part : reversed(part)));
    Var[][] back = reversed(oracle.applyFresh(spec.layer(), backwards));
    Var[][] output = new Var[ahead.length][];
    for (int t = 0; t < ahead.length; t++) {
      List<Var> merged = new ArrayList<>();
      for (int j = 0; j < ahead[t].length; j++) {
        Var sum = tape.add(ahead[t][j], back[t][j]);
        merged.add(
            switch (spec.merge()) {
              case CONCAT -> ahead[t][j];
              case SUM -> sum;
              case MEAN -> tape.scale(sum, 0.5);
              case PRODUCT -> tape.mul(ahead[t][j], back[t][j]);
            });
      }
      if (spec.merge() == Bidirectional.Merge.CONCAT) {
        merged.addAll(Arrays.asList(back[t]));
      }
      output[t] = merged.toArray(Var[]::new);
    }
    return output;
  }

  private static Var[][] reversed(Var[][] steps) {
    List<Var[]> list = new ArrayList<>(Arrays.asList(steps));
    Collections.reverse(list);
    return list.toArray(Var[][]::new);
  }

  private static Var[][] concat(Oracle oracle, Concat spec, Map<String, Var[][]> input) {
    Var[][] output = null;
    for (LayerSpec branch : spec.branches()) {
      Var[][] more = oracle.apply(branch, input);
      if (output == null) {
        output = more.clone();
      } else {
        for (int t = 0; t < more.length; t++) {
          List<Var> joined = new ArrayList<>(Arrays.asList(output[t]));
          joined.addAll(Arrays.asList(more[t]));
          output[t] = joined.toArray(Var[]::new);
        }
      }
    }
    return output;
  }

  private static Var[][] layerNorm(Oracle oracle, LayerNorm spec, Map<String, Var[][]> input) {
    Tape tape = oracle.tape();
    int n = input.get("x")[0].length;
    Var[] gain = oracle.weights(n);
    Var[] bias = oracle.weights(n);
    return BasicFormulas.each(
        input.get("x"),
        x -> {
          Var mean = tape.leaf(0);
          for (Var value : x) {
            mean = tape.add(mean, tape.scale(value, 1.0 / n));
          }
          Var variance = tape.leaf(0);
          for (Var value : x) {
            Var deviation = tape.sub(value, mean);
            variance = tape.add(variance, tape.scale(tape.mul(deviation, deviation), 1.0 / n));
          }
          double v = variance.value() + spec.epsilon();
          Var scale =
              tape.function(variance, StrictMath.pow(v, -0.5), -0.5 * StrictMath.pow(v, -1.5));
          Var[] y = new Var[n];
          for (int j = 0; j < n; j++) {
            Var normal = tape.mul(tape.sub(x[j], mean), scale);
            y[j] = tape.add(tape.mul(gain[j], normal), bias[j]);
          }
          return y;
        });
  }
}
