/**
 * Forecasting the next H steps of every entity, reading by reading.
 *
 * <pre>
 *              training                                        serving
 * RawSeries -> ForecastSeries --+                  +-- Forecaster <- Reading, ForecastState, ring
 *              (whole history)  |                  |   (one reading of many entities)
 *                               v                  v
 *                CausalScale, ForecastEncoder: the same inputs, bit for bit
 *                               |                  |
 *                               v                  v
 *                     ForecastNetwork [H][Q]  ForecastDecoder -> Forecast -> Comparison -> Score
 *                               |
 *   ForecastTraining: stretches of shards, gate -> Comparison -> GateDecision
 * </pre>
 *
 * <p>Letters: H steps of horizon, Q quantile levels, S seasons, T steps, B entities stepped
 * together. A slot is a place in the grid of event time, {@code floorDiv(time, step)}; a gap is the
 * number of slots between two readings.
 */
package dev.eddy.model.task.forecast;
