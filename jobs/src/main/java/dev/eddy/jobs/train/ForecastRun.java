package dev.eddy.jobs.train;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.history.History;
import dev.eddy.jobs.history.HistoryRange;
import dev.eddy.jobs.history.LoadedHistory;
import dev.eddy.jobs.history.UnusableHistoryException;
import dev.eddy.jobs.registry.ModelRegistry;
import dev.eddy.jobs.registry.VersionTakenException;
import dev.eddy.model.kernel.KernelSelection;
import dev.eddy.model.model.Model;
import dev.eddy.model.model.ModelFile;
import dev.eddy.model.net.Network;
import dev.eddy.model.task.forecast.ForecastNetwork;
import dev.eddy.model.task.forecast.ForecastTraining;
import dev.eddy.model.task.forecast.GateDecision;
import dev.eddy.model.task.forecast.GateRules;
import dev.eddy.model.train.TrainingSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Trains a forecasting pipeline on its history.
 *
 * @param config the pipeline
 * @param target under what the model will be published
 * @param live the model that is live as the run is submitted; null where none is
 * @param options what is asked of this run; a warm start only where {@code live} has the network
 */
record ForecastRun(PipelineConfig config, Target target, Incumbent live, TrainOptions options)
    implements TrainingRun {

  /**
   * Fixed at submission, so that whatever is repeated after a failure is published as the same.
   *
   * @param run names the run in its reports
   * @param version the model's version
   * @param swapEpoch the pointer's epoch
   * @param about what the provenance says beside data, training and metrics: parent, code version,
   *     time
   */
  record Target(String run, int version, long swapEpoch, Map<String, String> about)
      implements java.io.Serializable {}

  @Override
  public TrainingSpec spec() {
    return config.training().spec();
  }

  @Override
  public float[] initialWeights() {
    return options.warmStart()
        ? live.model(config).weights()
        : ForecastNetwork.build(config.forecast()).initialWeights(spec().seed());
  }

  @Override
  public HistoryRange resolve() {
    try {
      return History.resolve(config);
    } catch (UnusableHistoryException e) {
      throw new UnrecoverableTrainingException(e);
    }
  }

  @Override
  public Shards load(HistoryRange range, List<Integer> shards, Path temporary) throws Exception {
    LoadedHistory history;
    try {
      history = History.share(target.run(), config, range, temporary);
    } catch (UnusableHistoryException e) {
      throw new UnrecoverableTrainingException(e);
    }
    try {
      return plan(range, history, shards);
    } catch (RuntimeException | Error e) {
      history.close();
      throw e;
    }
  }

  private Shards plan(HistoryRange range, LoadedHistory history, List<Integer> shards) {
    try {
      ForecastTraining.Cut cut =
          ForecastTraining.Cut.of(
              config.forecast(),
              history.series(),
              config.training().validation(),
              config.training().gate());
      ForecastTraining plan =
          new ForecastTraining(config.forecast(), spec(), cut, history.series());
      Model beside = live == null || live.why() != null ? null : live.model(config);
      return new ForecastShards(
          plan, plan.setup(KernelSelection.kernels()), beside, history, shards);
    } catch (IllegalArgumentException e) {
      throw new UnrecoverableTrainingException(
          new IllegalArgumentException(
              "the history in %s cannot be trained on (%s): %s"
                  .formatted(range.where(), history.summary(), e.getMessage()),
              e));
    }
  }

  @Override
  public TrainingRecord report(TrainProgress progress) {
    return Reports.write(
        Reports.topic(config.name()), new Reports.Report(target.run(), progress, null));
  }

  @Override
  public List<TrainingRecord> conclude(Outcome outcome) {
    GateDecision decision = ForecastTraining.decide(config.forecast(), outcome.gate(), rules());
    List<TrainingRecord> records = new ArrayList<>();
    if (decision.publish()) {
      records.addAll(publication(outcome, decision));
    }
    TrainResult result =
        new TrainResult(
            decision.publish(),
            target.version(),
            target.swapEpoch(),
            decision.text(),
            decision.metrics(),
            outcome.progress().round(),
            Math.max(0, outcome.progress().bestRound()),
            outcome.progress().samples(),
            outcome.samplesPerSecond());
    records.add(
        Reports.write(
            Reports.topic(config.name()), new Reports.Report(target.run(), null, result)));
    return records;
  }

  private GateRules rules() {
    PipelineConfig.Training training = config.training();
    return new GateRules(
        training.margin(),
        training.liveMargin(),
        live == null ? null : live.text(),
        options.force());
  }

  /** None where an earlier attempt of this very run has written all of them. */
  private List<TrainingRecord> publication(Outcome outcome, GateDecision decision) {
    Map<String, String> provenance = provenance(outcome, decision);
    byte[] file = ModelFile.write(model(outcome.weights(), provenance));
    try (ModelRegistry registry = ModelRegistry.open(config)) {
      return registry
          .publication(config.name(), target.version(), target.swapEpoch(), file, provenance)
          .stream()
          .map(r -> new TrainingRecord(PipelineConfig.MODELS_TOPIC, r.key(), r.value()))
          .toList();
    } catch (VersionTakenException e) {
      throw new UnrecoverableTrainingException(
          "the models of '%s' were changed while this run trained (%s): train again"
              .formatted(config.name(), e.getMessage()));
    } catch (IllegalArgumentException e) {
      throw new UnrecoverableTrainingException(e);
    }
  }

  /** A model of this pipeline. */
  Model model(float[] weights, Map<String, String> provenance) {
    Network network = ForecastNetwork.build(config.forecast());
    return new Model(config.name(), config.forecast(), network, weights, provenance);
  }

  private Map<String, String> provenance(Outcome outcome, GateDecision decision) {
    Map<String, String> all = new LinkedHashMap<>(target.about());
    all.putAll(outcome.data());
    all.put("training.seed", Long.toString(spec().seed()));
    all.put("training.shards", Integer.toString(spec().shards()));
    all.put("training.rounds", Integer.toString(outcome.progress().round()));
    all.put("training.best-round", Integer.toString(outcome.progress().bestRound()));
    all.put("training.validation-loss", number(outcome.progress().bestValidationLoss()));
    all.put("gate.decision", decision.text());
    all.put("gate.forced", Boolean.toString(decision.publish() && !decision.passed()));
    if (live != null) {
      all.put("gate.live", "version " + live.ref().version() + ", sha256 " + live.ref().sha256());
    }
    decision.metrics().forEach((name, value) -> all.put("gate." + name, number(value)));
    return all;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.6g", value);
  }
}
