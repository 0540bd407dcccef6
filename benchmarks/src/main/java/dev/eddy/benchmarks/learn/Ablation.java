package dev.eddy.benchmarks.learn;

import dev.eddy.model.loss.CrossEntropy;
import dev.eddy.model.net.Network;
import dev.eddy.model.optim.Adam;
import dev.eddy.model.optim.Constrained;
import dev.eddy.model.optim.MaxNorm;
import dev.eddy.model.optim.Regularisation;
import dev.eddy.model.optim.UpdateSpec;
import dev.eddy.model.train.Accuracy;
import dev.eddy.model.train.BatchSpec;
import dev.eddy.model.train.FitListener;
import dev.eddy.model.train.FitSpec;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What each switch does by itself: the digits of {@link Digits#optdigits} at a constant rate, as
 * they are (not moved), so that there is something to overfit. Every variant differs from {@code
 * plain} in one thing.
 *
 * @param digits the data
 */
record Ablation(Digits digits) implements Experiment {
  private static final int EPOCHS = 40;
  private static final double NONE = Double.POSITIVE_INFINITY;

  /** One variant. */
  private record Switches(UpdateSpec update, float dropout, boolean earlyStopping) {}

  private static final Map<String, Switches> VARIANTS = variantsByName();

  private static Map<String, Switches> variantsByName() {
    UpdateSpec plain = UpdateSpec.of(new Adam(), 0.003).withClip(NONE, NONE);
    Map<String, Switches> all = new LinkedHashMap<>();
    all.put("plain", new Switches(plain, 0, false));
    all.put("clipping by norm 1", new Switches(plain.withClip(1, NONE), 0, false));
    all.put("clipping by value 0.01", new Switches(plain.withClip(NONE, 0.01), 0, false));
    all.put("L1 1e-5", with(plain, new Regularisation(1e-5, 0, 0)));
    all.put("L2 1e-4", with(plain, new Regularisation(0, 1e-4, 0)));
    all.put("decoupled decay 0.3", with(plain, new Regularisation(0, 0, 0.3)));
    all.put("dropout 0.5", new Switches(plain, 0.5f, false));
    all.put(
        "max-norm 2",
        new Switches(
            plain.withConstraints(List.of(new Constrained("", new MaxNorm(2)))), 0, false));
    all.put("early stopping", new Switches(plain, 0, true));
    return all;
  }

  private static Switches with(UpdateSpec plain, Regularisation regularisation) {
    return new Switches(plain.withRegularisation(regularisation), 0, false);
  }

  @Override
  public String name() {
    return "ablation";
  }

  @Override
  public String description() {
    return "one switch at a time on %s; LSTM of %d units, Adam at 0.003, %d epochs"
        .formatted(digits.name(), Digits.UNITS, EPOCHS);
  }

  @Override
  public List<String> variants() {
    return List.copyOf(VARIANTS.keySet());
  }

  @Override
  public Bar bar(String variant) {
    return new Bar(Digits.ACCURACY, true, Double.NaN);
  }

  @Override
  public Outcome run(String variant, long seed, int threads, FitListener listener)
      throws IOException {
    Switches switches = VARIANTS.get(variant);
    Network network = Digits.network(digits.train().width(), switches.dropout());
    FitSpec spec = FitSpec.of(switches.update(), EPOCHS, seed);
    return new Trial(
            network,
            network.initialWeights(seed),
            new CrossEntropy(Digits.CLASSES),
            switches.earlyStopping() ? spec.withPatience(10) : spec,
            digits.learning(false, BatchSpec.training(Digits.ROWS, seed)),
            digits.validating(),
            digits.testing(),
            new Accuracy(),
            switches.earlyStopping())
        .run(threads, listener);
  }
}
