package dev.eddy.jobs.train;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.registry.BadModelException;
import dev.eddy.jobs.registry.ModelRef;
import dev.eddy.jobs.registry.ModelStore;
import dev.eddy.jobs.registry.RegistryException;
import dev.eddy.model.model.Model;
import dev.eddy.model.task.forecast.ForecastTraining;
import java.io.IOException;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The model that was live when a run was submitted: what a new one has to beat. By reference, so
 * that every reader fetches it for itself.
 *
 * @param ref which
 * @param why the sentence that says why it is not compared; null where it is
 */
record Incumbent(ModelRef ref, String why) implements Serializable {

  /**
   * Looks whether a model can be compared with what a pipeline trains.
   *
   * @throws RegistryException if it cannot be fetched now
   */
  static Incumbent of(PipelineConfig config, ModelRef ref) {
    try {
      Model model = new ModelStore(config).load(ref);
      return new Incumbent(
          ref,
          ForecastTraining.incomparable(config.forecast(), model.task())
              .map(why -> uncompared(ref, why))
              .orElse(null));
    } catch (BadModelException e) {
      return new Incumbent(ref, uncompared(ref, e.getMessage()));
    } catch (IOException e) {
      throw new RegistryException(e.getMessage(), e);
    }
  }

  private static String uncompared(ModelRef ref, String why) {
    return "the live model (version %d) is not compared: %s".formatted(ref.version(), why);
  }

  /** What reports say of it. */
  Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("version", Integer.toString(ref.version()));
    facts.put("sha256", ref.sha256());
    facts.put("compared", why == null ? "yes" : why);
    return facts;
  }

  /** What the gate's decision calls it. */
  String text() {
    return why == null ? "version " + ref.version() : why;
  }

  /**
   * The model, if its file can be read.
   *
   * @throws RegistryException if it cannot be fetched now
   */
  Optional<Model> readable(PipelineConfig config) {
    try {
      return Optional.of(new ModelStore(config).load(ref));
    } catch (BadModelException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new RegistryException(e.getMessage(), e);
    }
  }

  /**
   * The model itself.
   *
   * @throws UnrecoverableTrainingException if it is gone by now
   * @throws RegistryException if it cannot be fetched now
   */
  Model model(PipelineConfig config) {
    try {
      return new ModelStore(config).load(ref);
    } catch (BadModelException e) {
      throw new UnrecoverableTrainingException(
          "the live model of '%s' was changed while this run trained (%s): train again"
              .formatted(config.name(), e.getMessage()));
    } catch (IOException e) {
      throw new RegistryException(e.getMessage(), e);
    }
  }
}
