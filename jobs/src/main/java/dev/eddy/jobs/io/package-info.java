/**
 * Between Kafka and the jobs: what records look like on topics and inside a job, and the sources
 * and sinks that turn one into the other.
 *
 * <pre>
 *   events topic --&gt; EventDeserializer --&gt; Parsed --+--&gt; Event     --&gt; the job --+--&gt; Prediction --&gt; predictions
 *                    (never throws)                 |                          +--&gt; LiveScore  --&gt; scores
 *                                                   |                          +--&gt; LateEvent  --&gt; late
 *                                                   +--&gt; BadRecord -------------------------------&gt; dead-letters
 * </pre>
 *
 * <p>Every output carries the {@link dev.eddy.jobs.io.InputPosition} of the record that caused it,
 * and every input record ends in exactly one of predictions, late and dead letters: accounts are
 * reconciled by position, not by counts. That is why a Kafka record holds one reading of one
 * entity; files with a column per entity ({@code source.melt}) are melted before they reach a
 * topic, and stand there in the canonical form of {@link dev.eddy.jobs.io.EventFormat}.
 *
 * <p>Streams between operators use the serializers of {@link dev.eddy.jobs.io.StreamTypes}:
 * handwritten, versioned, no reflection.
 */
package dev.eddy.jobs.io;
