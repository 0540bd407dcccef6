package dev.eddy.jobs.train;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * A bounded source whose records are what a training run publishes. See the package for how it
 * comes to them.
 */
final class TrainingSource
    implements Source<TrainingRecord, ShardSplit, RunState>, ResultTypeQueryable<TrainingRecord> {
  private static final long serialVersionUID = 1L;

  private final TrainingRun run;

  TrainingSource(TrainingRun run) {
    this.run = run;
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.BOUNDED;
  }

  @Override
  public SplitEnumerator<ShardSplit, RunState> createEnumerator(
      SplitEnumeratorContext<ShardSplit> context) {
    return new AveragingEnumerator(context, run, null);
  }

  @Override
  public SplitEnumerator<ShardSplit, RunState> restoreEnumerator(
      SplitEnumeratorContext<ShardSplit> context, RunState state) {
    return new AveragingEnumerator(context, run, state);
  }

  @Override
  public SourceReader<TrainingRecord, ShardSplit> createReader(SourceReaderContext context) {
    return new ShardReader(context, run);
  }

  @Override
  public SimpleVersionedSerializer<ShardSplit> getSplitSerializer() {
    return new ShardSplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<RunState> getEnumeratorCheckpointSerializer() {
    return new RunStateSerializer();
  }

  @Override
  public TypeInformation<TrainingRecord> getProducedType() {
    return TrainingRecordSerializer.TYPE;
  }
}
