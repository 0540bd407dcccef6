package dev.eddy.model.train;

import dev.eddy.model.optim.Adagrad;
import dev.eddy.model.optim.Adam;
import dev.eddy.model.optim.AdamW;
import dev.eddy.model.optim.Constant;
import dev.eddy.model.optim.Cosine;
import dev.eddy.model.optim.Momentum;
import dev.eddy.model.optim.Nesterov;
import dev.eddy.model.optim.OneCycle;
import dev.eddy.model.optim.Optimiser;
import dev.eddy.model.optim.Regularisation;
import dev.eddy.model.optim.RmsProp;
import dev.eddy.model.optim.Schedule;
import dev.eddy.model.optim.Sgd;
import dev.eddy.model.optim.UpdateSpec;
import java.util.List;

/**
 * Optimisers and schedules by a word, with their usual constants: what a pipeline chooses among.
 */
public final class UpdateChoices {
  /** The optimiser of a pipeline that names none. */
  public static final String OPTIMISER = "adamw";

  /** The schedule of a pipeline that names none: {@link TrainingSpec#defaultSchedule}. */
  public static final String SCHEDULE = "warmup-cosine";

  private static final double MOMENTUM = 0.9;
  private static final double LAST = 0.01; // of the peak, where a cosine ends

  private UpdateChoices() {}

  /** The words for optimisers. */
  public static List<String> optimisers() {
    return List.of("adamw", "adam", "rmsprop", "adagrad", "nesterov", "momentum", "sgd");
  }

  /** The words for schedules. */
  public static List<String> schedules() {
    return List.of("warmup-cosine", "constant", "cosine", "onecycle");
  }

  /**
   * A specification with another optimiser and schedule, over its rounds and local steps.
   *
   * @param spec gives everything else
   * @param optimiser one of {@link #optimisers}
   * @param schedule one of {@link #schedules}
   * @param clipValue gradients are cut to this magnitude; infinite for no limit
   * @param weightDecay decoupled; of all weights with {@code adamw}, else of all but biases
   * @throws IllegalArgumentException if a word is none of these
   */
  public static TrainingSpec apply(
      TrainingSpec spec, String optimiser, String schedule, double clipValue, double weightDecay) {
    boolean own = optimiser.equals(OPTIMISER);
    UpdateSpec update =
        spec.update()
            .withOptimiser(own ? new AdamW(weightDecay) : optimiser(optimiser))
            .withSchedule(schedule(schedule, spec.steps()))
            .withClip(spec.update().clipNorm(), clipValue)
            .withRegularisation(own ? Regularisation.NONE : new Regularisation(0, 0, weightDecay));
    return spec.withUpdate(update);
  }

  private static Optimiser optimiser(String word) {
    return switch (word) {
      case "adam" -> new Adam();
      case "rmsprop" -> new RmsProp();
      case "adagrad" -> new Adagrad();
      case "nesterov" -> new Nesterov(MOMENTUM);
      case "momentum" -> new Momentum(MOMENTUM);
      case "sgd" -> new Sgd();
      default ->
          throw new IllegalArgumentException(
              "no optimiser '%s', only %s".formatted(word, optimisers()));
    };
  }

  private static Schedule schedule(String word, long steps) {
    return switch (word) {
      case "warmup-cosine" -> TrainingSpec.defaultSchedule(steps);
      case "constant" -> new Constant();
      case "cosine" -> new Cosine(steps, LAST);
      case "onecycle" -> new OneCycle(steps);
      default ->
          throw new IllegalArgumentException(
              "no schedule '%s', only %s".formatted(word, schedules()));
    };
  }
}
