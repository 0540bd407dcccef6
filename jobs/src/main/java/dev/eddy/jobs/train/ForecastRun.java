package dev.eddy.jobs.train;

import dev.eddy.jobs.config.ConfigSummary;
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
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.runtime.util.EnvironmentInformation;

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
   * @param startedMillis when the run was submitted, epoch milliseconds
   * @param about what the provenance says beside data, training and metrics: parent, code version,
   *     time
   */
  record Target(
      String run, int version, long swapEpoch, long startedMillis, Map<String, String> about)
      implements Serializable {}

  @Override
  public TrainingSpec spec() {
    return config.training().spec();
  }

  @Override
  public PipelineConfig.Stragglers stragglers() {
    return config.training().stragglers();
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
  public TrainingRecord header(Map<String, String> data, List<RunHeader.Slot> slots) {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("eddy", target.about().get("code"));
    versions.put("java", System.getProperty("java.version"));
    versions.put("flink", EnvironmentInformation.getVersion());
    RunHeader header =
        new RunHeader(
            target.run(),
            config.name(),
            target.startedMillis(),
            ConfigSummary.of(config),
            data,
            live == null ? Map.of() : live.facts(),
            versions,
            slots);
    return report(new Reports.Report(target.run(), header, null, null, null));
  }

  @Override
  public TrainingRecord report(TrainProgress progress, RoundReport round) {
    return report(new Reports.Report(target.run(), null, round, progress, null));
  }

  private TrainingRecord report(Reports.Report report) {
    return Reports.write(Reports.topic(config.name()), report);
  }

  /** A model that passed is trained once more, unless no round made it better than its start. */
  @Override
  public float[] refit(Outcome outcome) {
    boolean wanted =
        config.training().refit()
            && outcome.progress().bestRound() > 0
            && decide(outcome).publish();
    return wanted ? initialWeights() : null;
  }

  @Override
  public List<TrainingRecord> conclude(Outcome outcome) {
    GateDecision decision = decide(outcome);
    RefitDecision refit = RefitDecision.of(outcome);
    List<TrainingRecord> records = new ArrayList<>();
    if (decision.publish()) {
      records.addAll(publication(outcome, decision, refit));
    }
    TrainResult result =
        new TrainResult(
            decision.publish(),
            target.version(),
            target.swapEpoch(),
            decision.text() + refit.text() + dropped(outcome),
            decision.metrics(),
            outcome.progress().round(),
            Math.max(0, outcome.progress().bestRound()),
            outcome.progress().samples(),
            outcome.samplesPerSecond(),
            outcome.dropped());
    records.add(report(new Reports.Report(target.run(), null, null, null, result)));
    return records;
  }

  private static String dropped(Outcome outcome) {
    return outcome.dropped() == 0
        ? ""
        : "; %,d updates came too late and were dropped".formatted(outcome.dropped());
  }

  private GateDecision decide(Outcome outcome) {
    return ForecastTraining.decide(config.forecast(), outcome.gate(), rules());
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
  private List<TrainingRecord> publication(
      Outcome outcome, GateDecision decision, RefitDecision refit) {
    Map<String, String> provenance = provenance(outcome, decision);
    provenance.putAll(refit.about());
    byte[] file = ModelFile.write(model(refit.weights(), provenance));
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
    all.put("training.dropped", Long.toString(outcome.dropped()));
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
