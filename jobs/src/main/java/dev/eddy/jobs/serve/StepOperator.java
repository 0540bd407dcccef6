package dev.eddy.jobs.serve;

import dev.eddy.jobs.io.Parsed;
import dev.eddy.jobs.io.Prediction;
import dev.eddy.jobs.registry.ModelRecord;
import dev.eddy.jobs.registry.ModelRef;
import dev.eddy.model.kernel.KernelSelection;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedMultiInput;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Steps the network for every event, events of many entities together. Input 1 are the events,
 * keyed by entity; input 2 is the models topic, broadcast and not keyed.
 *
 * <p>Events wait for at most {@code batch.size} others or {@code batch.linger}. They are flushed
 * before anything that must not overtake them: a checkpoint's barrier, a watermark, a change of
 * model, the end of the input. So there is nothing buffered to be kept in a checkpoint, and keyed
 * state at a barrier is that of all events before it.
 *
 * <p>The models side is a side channel: its watermarks, its idleness and its end mean nothing here.
 */
public final class StepOperator extends AbstractStreamOperator<Prediction>
    implements TwoInputStreamOperator<Parsed.Event, ModelRecord, Prediction>, BoundedMultiInput {
  private static final long serialVersionUID = 1L;
  private static final int EVENTS = 0;

  private final StepSettings settings;
  private final ModelProvider provider;
  private final ModelRef live;

  private transient StepMetrics meters;
  private transient Entities entities;
  private transient LiveModel model;
  private transient WaveStep step;
  private transient MicroBatch batch;
  private transient ScheduledFuture<?> linger; // null where no timer is outstanding
  private transient long waitingSince;
  private transient boolean leftOver; // events may wait for a delay that is no longer configured

  /**
   * An operator that starts with a model.
   *
   * @param live the model that was live when the job was submitted; a restored job may already be
   *     past it
   */
  public StepOperator(StepSettings settings, ModelProvider provider, ModelRef live) {
    this.settings = settings;
    this.provider = provider;
    this.live = live;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    meters = new StepMetrics(getMetricGroup());
    StateLayout.check(settings.pipeline(), settings.task(), context.getOperatorStateStore());
    entities = new Entities(this, context.getKeyedStateStore());
    model =
        new LiveModel(
            settings, provider, KernelSelection.kernels(), meters, context.getOperatorStateStore());
    leftOver = context.isRestored() && settings.maxDelayMillis() == 0;
    if (context.isRestored()) {
      meters.entities(Entities.count(getKeyedStateBackend()));
    }
  }

  @Override
  public void open() throws Exception {
    super.open();
    model.open(live);
    batch = new MicroBatch();
    step = new WaveStep(settings, entities, model, meters, output);
  }

  @Override
  public void processElement1(StreamRecord<Parsed.Event> record) throws Exception {
    // The record may be reused by the caller as soon as this returns; the event in it is immutable.
    Parsed.Event event = record.getValue();
    meters.event();
    releaseLeftOver();
    if (settings.maxDelayMillis() == 0) {
      add(event);
    } else {
      for (Parsed.Event released : entities.delay(event, settings.maxDelayMillis())) {
        add(released);
      }
    }
  }

  @Override
  public void processElement2(StreamRecord<ModelRecord> record) throws Exception {
    flush();
    model.accept(record.getValue());
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
    flush();
  }

  /** The end of the events: nothing will come that delayed ones could wait for. */
  @Override
  public void endInput(int inputId) throws Exception {
    if (inputId == EVENTS + 1) {
      releaseAll();
      flush();
    }
  }

  /**
   * Event-time timers first, then what they and the events before them gave, then the watermark
   * itself.
   */
  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (timeServiceManager != null) {
      timeServiceManager.advanceWatermark(mark);
    }
    releaseLeftOver();
    flush();
    output.emitWatermark(mark);
  }

  @Override
  public void processWatermark1(Watermark mark) throws Exception {
    processWatermark(mark);
  }

  @Override
  public void processWatermark2(Watermark mark) {
    // Models have no event time.
  }

  @Override
  protected void processWatermarkStatus(WatermarkStatus status, int input) throws Exception {
    if (input == EVENTS) {
      flush();
      output.emitWatermarkStatus(status);
    }
  }

  /**
   * A job restored with {@code ordering.max-delay} set to 0 finds events that wait for it: they go
   * before all others, with the first event or watermark.
   */
  private void releaseLeftOver() throws Exception {
    if (leftOver) {
      leftOver = false;
      releaseAll();
    }
  }

  private void releaseAll() throws Exception {
    for (Parsed.Event released : entities.releaseAll(getKeyedStateBackend())) {
      add(released);
    }
  }

  private void add(Parsed.Event event) throws Exception {
    batch.add(event, System.nanoTime());
    if (batch.size() >= settings.batchSize() || settings.lingerMillis() == 0) {
      flush();
    } else if (batch.size() == 1) {
      waitingSince = getProcessingTimeService().getCurrentProcessingTime();
      linger();
    }
  }

  /**
   * Keeps one timer outstanding at most: a flush for another reason leaves it, and it finds out
   * when it fires.
   */
  private void linger() {
    if (linger == null) {
      linger =
          getProcessingTimeService()
              .registerTimer(waitingSince + settings.lingerMillis(), this::onLinger);
    }
  }

  private void onLinger(long timestamp) throws Exception {
    linger = null;
    if (batch.size() == 0) {
      return;
    }
    if (getProcessingTimeService().getCurrentProcessingTime()
        < waitingSince + settings.lingerMillis()) {
      linger();
    } else {
      flush();
    }
  }

  private void flush() throws Exception {
    if (batch.size() > 0) {
      for (List<MicroBatch.Arrival> wave : batch.takeWaves()) {
        step.step(wave);
      }
    }
  }
}
