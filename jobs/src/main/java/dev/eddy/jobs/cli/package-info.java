/**
 * The command line: thin commands that load a pipeline's configuration, look whether it can work,
 * and hand it to the package that does the work.
 *
 * <pre>
 *   ./eddy COMMAND --&gt; Eddy --&gt; command --&gt; ConfigLoader --&gt; Preflight --&gt; FlinkTarget --&gt; TrainJob, ForecastJob,
 *                       |                  (exit 2)        (exit 2)       (exit 2)        Demo, Backtest
 *                       +-- Failures: one message on standard error, exit code 0, 1 or 2     (exit 0 or 1)
 * </pre>
 *
 * <p>Results go to standard output, progress and messages to standard error. The same main class
 * works under {@code flink run}: then the jobs go to the cluster that it names.
 */
package dev.eddy.jobs.cli;
