/**
 * The forecasting job, wired:
 *
 * <pre>
 *   events --> split --+--> (by entity) --> step --+--> predictions
 *                      |                      ^    +--> scores
 *                      |        models -------+    +--> late
 *                      |       (broadcast)
 *                      +--> dead letters
 * </pre>
 *
 * <p>Each name above is an operator's uid and name. What happens in them is written elsewhere:
 * parsing in {@code io}, the step in {@code serve}, the models topic in {@code registry}.
 */
package dev.eddy.jobs.forecast;
