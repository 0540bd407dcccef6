package dev.eddy.jobs.serve;

import dev.eddy.model.model.Model;
import dev.eddy.model.task.forecast.ForecastSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Whether a model can take over in a running pipeline. The network may be another one (the states
 * are re-warmed); what the entities' memory and the readers of the output rely on must be the same.
 */
public final class ModelFit {
  private ModelFit() {}

  /**
   * Accepts a model or says, all at once, what does not fit.
   *
   * @param task the pipeline's task
   * @throws RefusedModelException naming each feature with what the pipeline has and what the model
   *     has
   */
  public static void check(String pipeline, ForecastSpec task, Model model)
      throws RefusedModelException {
    ForecastSpec other = model.task();
    List<String> wrong = new ArrayList<>();
    compare(wrong, "name", pipeline, model.name());
    compare(wrong, "horizon", task.horizon(), other.horizon());
    compare(wrong, "step (ms)", task.stepMillis(), other.stepMillis());
    compare(
        wrong, "quantiles", Arrays.toString(task.quantiles()), Arrays.toString(other.quantiles()));
    compare(wrong, "seasons", Arrays.toString(task.seasons()), Arrays.toString(other.seasons()));
    compare(wrong, "scale window", task.scaleWindow(), other.scaleWindow());
    compare(wrong, "ring", task.ring(), other.ring());
    compare(wrong, "weights", model.network().weightCount(), model.weights().length);
    if (!wrong.isEmpty()) {
      throw new RefusedModelException(
          "the model does not fit the pipeline '" + pipeline + "': " + String.join("; ", wrong));
    }
  }

  private static void compare(List<String> wrong, String what, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      wrong.add("%s should be %s, is %s".formatted(what, expected, actual));
    }
  }
}
