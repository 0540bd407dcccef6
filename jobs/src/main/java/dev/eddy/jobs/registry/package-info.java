/**
 * The models topic, {@code eddy.models}: one compacted partition that is both the store of all
 * models and the switchboard of what is live.
 *
 * <pre>
 *   model/load/1         -&gt; manifest, the model file inline      immutable; its offset is its address
 *   model/load/2/chunk/0 -&gt; the first bytes of a large file      before the manifest that counts them
 *   model/load/2/chunk/1 -&gt; the rest
 *   model/load/2         -&gt; manifest, hashes of the chunks
 *   live/load            -&gt; {version 2, swapEpoch 2, previous [1]}   the pointer; the epoch only rises
 *   model/load/3         -&gt; manifest, URI of a very large file
 *   live/load            -&gt; {version 1, swapEpoch 3, previous []}    a rollback: one record
 *   model/load/2         -&gt; retired; its chunks deleted, its number taken for ever
 *
 *   ModelRegistry   reads and writes the topic: command line, training, start of a job
 *   ModelSource     follows it: the broadcast side of a forecasting job, references without bytes
 *   ModelStore      fetches by reference and decodes once per TaskManager
 * </pre>
 */
package dev.eddy.jobs.registry;
