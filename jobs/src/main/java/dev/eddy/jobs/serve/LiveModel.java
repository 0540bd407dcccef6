package dev.eddy.jobs.serve;

import dev.eddy.jobs.registry.ModelRecord;
import dev.eddy.jobs.registry.ModelRef;
import dev.eddy.jobs.state.ModelRefSerializer;
import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.model.Model;
import dev.eddy.model.task.forecast.ForecastSpec;
import dev.eddy.model.task.forecast.Forecaster;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which model an operator serves, and how that changes. Broadcast state holds references only:
 * {@code model-manifests} by version, and under the pipeline's name in {@code live-model} the one
 * in use. The swap epoch of the live model only rises; its version may fall (a rollback).
 */
final class LiveModel {
  private static final Logger LOG = LoggerFactory.getLogger(LiveModel.class);

  static final MapStateDescriptor<Integer, ModelRef> MANIFESTS =
      new MapStateDescriptor<>(
          "model-manifests", IntSerializer.INSTANCE, ModelRefSerializer.INSTANCE);
  static final MapStateDescriptor<String, ModelRef> LIVE =
      new MapStateDescriptor<>(
          "live-model", StringSerializer.INSTANCE, ModelRefSerializer.INSTANCE);

  private final String pipeline;
  private final ForecastSpec task;
  private final ModelProvider provider;
  private final Kernels kernels;
  private final StepMetrics metrics;
  private final BroadcastState<Integer, ModelRef> manifests;
  private final BroadcastState<String, ModelRef> live;

  private ModelRef ref;
  private Forecaster forecaster;
  private long architecture;

  LiveModel(
      StepSettings settings,
      ModelProvider provider,
      Kernels kernels,
      StepMetrics metrics,
      OperatorStateStore store)
      throws Exception {
    this.pipeline = settings.pipeline();
    this.task = settings.task();
    this.provider = provider;
    this.kernels = kernels;
    this.metrics = metrics;
    this.manifests = store.getBroadcastState(MANIFESTS);
    this.live = store.getBroadcastState(LIVE);
  }

  /**
   * Starts with the newer, by swap epoch, of the restored model and the job's argument; with the
   * other one where the newer is refused, since going on with what served before beats not going
   * on. An argument that gives a version other bytes than this job knows is the last resort.
   *
   * @throws RefusedModelException if none can be served
   */
  void open(ModelRef argument) throws Exception {
    boolean same = remember(argument);
    Comparator<ModelRef> doubtful = Comparator.comparing(ref -> ref == argument && !same);
    List<ModelRef> candidates =
        Stream.of(live.get(pipeline), argument)
            .filter(Objects::nonNull)
            .distinct()
            .sorted(
                doubtful.thenComparing(Comparator.comparingLong(ModelRef::swapEpoch).reversed()))
            .toList();
    RefusedModelException refusal = null;
    for (ModelRef candidate : candidates) {
      try {
        use(candidate);
        return;
      } catch (RefusedModelException e) {
        refuse(candidate, e);
        refusal = e;
      }
    }
    throw refusal;
  }

  /** The model at work. */
  Forecaster forecaster() {
    return forecaster;
  }

  /** Hash of its network: only a state of the same architecture can be kept over a swap. */
  long architecture() {
    return architecture;
  }

  /** Which one it is. */
  ModelRef ref() {
    return ref;
  }

  /** Takes a record of the models topic. Nothing may be buffered when this is called. */
  void accept(ModelRecord record) throws Exception {
    if (!record.name().equals(pipeline)) {
      return;
    }
    if (record instanceof ModelRecord.Published published) {
      remember(published.ref());
    } else if (record instanceof ModelRecord.Pointed pointed) {
      point(pointed);
    } else if (record instanceof ModelRecord.Retired retired) {
      retire(retired.version());
    }
  }

  /**
   * Keeps where a version stands. Versions are immutable: what this job heard of it first is what
   * it is, and of the same bytes the later record is the one that compaction keeps.
   *
   * @return whether it is the version this job knows, or new
   */
  private boolean remember(ModelRef published) throws Exception {
    ModelRef known = manifests.get(published.version());
    boolean same = known == null || known.sha256().equals(published.sha256());
    if (!same) {
      metrics.refused();
      LOG.warn(
          "pipeline '{}': version {} has sha256 {} and cannot be replaced by another ({}, offset {}): ignored",
          pipeline,
          known.version(),
          known.sha256(),
          published.sha256(),
          published.offset());
    } else if (known == null || known.offset() < published.offset()) {
      manifests.put(published.version(), published);
    }
    return same;
  }

  private void point(ModelRecord.Pointed pointed) throws Exception {
    if (pointed.swapEpoch() <= ref.swapEpoch()) {
      // Usual after a restart: the topic is read again from an offset before the model that is
      // already live.
      LOG.info(
          "pipeline '{}': pointer to version {} has swap epoch {}, version {} is live with {}: ignored",
          pipeline,
          pointed.version(),
          pointed.swapEpoch(),
          ref.version(),
          ref.swapEpoch());
      return;
    }
    ModelRef manifest = manifests.get(pointed.version());
    if (manifest == null || !pointed.means(manifest.sha256())) {
      manifest = provider.find(pipeline, pointed.version()).orElse(null);
    }
    if (manifest == null || !pointed.means(manifest.sha256())) {
      metrics.refused();
      LOG.warn(
          "pipeline '{}': pointer to version {} refused, no such version, or another, is in the models topic; version {} goes on."
              + " Publish it, then promote it again",
          pipeline,
          pointed.version(),
          ref.version());
      return;
    }
    manifests.put(pointed.version(), manifest);
    ModelRef next = manifest.withEpoch(pointed.swapEpoch());
    try {
      use(next);
      metrics.swap();
    } catch (RefusedModelException e) {
      refuse(next, e);
    }
  }

  private void retire(int version) throws Exception {
    manifests.remove(version);
    if (version == ref.version()) {
      LOG.warn(
          "pipeline '{}': version {} was retired while it is live; it goes on until another is promoted, but a restarted"
              + " job could not fetch it again",
          pipeline,
          version);
    }
  }

  private void use(ModelRef next) throws Exception {
    Model model = provider.load(next);
    ModelFit.check(pipeline, task, model);
    forecaster = model.forecaster(next.version(), next.swapEpoch(), kernels);
    architecture = model.network().architectureHash();
    ref = next;
    live.put(pipeline, next);
    metrics.live(next);
    LOG.info(
        "pipeline '{}': version {} is live, swap epoch {}",
        pipeline,
        next.version(),
        next.swapEpoch());
  }

  private void refuse(ModelRef next, RefusedModelException reason) {
    metrics.refused();
    LOG.warn(
        "pipeline '{}': version {} (swap epoch {}) refused{}: {}",
        pipeline,
        next.version(),
        next.swapEpoch(),
        ref == null ? "" : ", version " + ref.version() + " goes on",
        reason.getMessage());
  }
}
