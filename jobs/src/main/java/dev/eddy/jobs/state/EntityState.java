package dev.eddy.jobs.state;

import dev.eddy.model.task.forecast.ForecastState;

/**
 * The hot value of one entity: what the network and the scale remember, and where the last applied
 * event stood, which decides ties of equal event time. Mutable: an operator fetches it, steps it
 * and writes it back within one flush.
 */
public final class EntityState {
  /** What forecasting needs. */
  public final ForecastState forecast;

  /** Partition of the last applied event; -1 before the first. */
  public int partition;

  /** Offset of the last applied event; -1 before the first. */
  public long offset;

  /** An entity that has seen nothing but what the forecast state says. */
  public EntityState(ForecastState forecast) {
    this(forecast, -1, -1);
  }

  /** An entity after an event of this partition and offset. */
  public EntityState(ForecastState forecast, int partition, long offset) {
    this.forecast = forecast;
    this.partition = partition;
    this.offset = offset;
  }

  /**
   * Whether an event comes too late to be applied: older than the last applied one, or of the same
   * time and not after it by (partition, offset). A function of keyed state and Kafka's order
   * alone, so that it replays.
   */
  public boolean isLate(long time, int eventPartition, long eventOffset) {
    if (time != forecast.lastTime) {
      return time < forecast.lastTime;
    }
    return eventPartition != partition ? eventPartition < partition : eventOffset <= offset;
  }
}
