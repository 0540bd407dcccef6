package dev.eddy.model.testing;

import dev.eddy.model.layer.Lookback;
import dev.eddy.model.layer.NLinear;
import dev.eddy.model.testing.Tape.Var;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The oracle's formulas of the layers that forecasts are made with. */
final class ForecastFormulas {
  private ForecastFormulas() {}

  static void register() {
    Oracle.formula(Lookback.class, ForecastFormulas::lookback);
    Oracle.formula(NLinear.class, ForecastFormulas::nLinear);
  }

  private static Var[][] lookback(Oracle oracle, Lookback spec, Map<String, Var[][]> input) {
    Var[][] series = input.get("series");
    int length = spec.length();
    List<Var> slots = new ArrayList<>(List.of(oracle.state(length)));
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
    oracle.keep(slots.subList(slots.size() - length, slots.size()).toArray(Var[]::new));
    return output;
  }

  private static Var[][] nLinear(Oracle oracle, NLinear spec, Map<String, Var[][]> input) {
    Var[][] windows = input.get("x");
    int length = windows[0].length;
    int out = spec.units();
    Var[] w = oracle.weights(length * out);
    Var[] b = oracle.weights(out);
    return BasicFormulas.each(
        windows,
        window -> {
          Var last = window[length - 1];
          Var[] deviations = new Var[length];
          for (int i = 0; i < length; i++) {
            deviations[i] = oracle.tape().sub(window[i], last);
          }
          Var[] y = new Var[out];
          for (int h = 0; h < out; h++) {
            y[h] = oracle.tape().affine(oracle.tape().add(last, b[h]), deviations, w, out, h);
          }
          return y;
        });
  }
}
