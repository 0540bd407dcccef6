/**
 * One YAML file describes a pipeline; here it becomes a {@link dev.eddy.jobs.config.PipelineConfig}
 * or one complete list of what is wrong with it, before any job starts.
 *
 * <pre>
 *   file --YAML--&gt; tree --overrides (-D path=value)--&gt; tree --sections--&gt; PipelineConfig --checks--&gt; PipelineConfig
 *                           references (${ENV}, file:) are resolved when a value is read
 *                           problems of all steps are collected: ConfigException names every one
 * </pre>
 *
 * <p>A value that came by a reference, and every Kafka client property that is not known to be
 * harmless, is shown as {@code ***} wherever configuration or an error about it is shown: see
 * {@link dev.eddy.jobs.config.Redaction}.
 */
package dev.eddy.jobs.config;
