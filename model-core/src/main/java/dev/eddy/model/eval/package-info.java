/**
 * How good forecasts are: errors, baselines, and the backtest that sets a model beside them.
 *
 * <pre>
 * RawSeries -> Grid [entity][row], z-scored by its training rows
 *                |-> PointForecast: repeat-last, seasonal naive, Ridge --+
 *                |-> LocalTraining -> Forecaster (StreamedModel) --------+--> ErrorSum -> BacktestResult
 * </pre>
 *
 * <p>Whatever is chosen (look-back, penalty, the round whose weights are best) is chosen on the
 * validation rows.
 */
package dev.eddy.model.eval;
