/**
 * The models topic, {@code eddy.models}: one compacted partition that is both the store of all
 * models and the switchboard of what is live.
 *
 * <pre>
 *   model/load/1 -&gt; manifest, the model file inline      immutable; its offset is its address
 *   model/load/2 -&gt; manifest, the model file inline
 *   live/load    -&gt; {version 2, swapEpoch 2}             the pointer; the epoch only rises
 *   live/load    -&gt; {version 1, swapEpoch 3}             a rollback: one record
 *   model/load/2 -&gt; (nothing)                            a tombstone: version 2 is retired
 *
 *   ModelRegistry   reads and writes the topic: command line, training, start of a job
 *   ModelSource     follows it: the broadcast side of a forecasting job, references without bytes
 *   ModelStore      fetches by reference and decodes once per TaskManager
 * </pre>
 */
package dev.eddy.jobs.registry;
