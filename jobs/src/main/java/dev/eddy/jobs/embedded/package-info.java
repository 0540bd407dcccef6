/**
 * A real Kafka broker and a real Flink cluster inside this process: what the demo and the tests run
 * on. Both bind to 127.0.0.1 only, keep all they write under one temporary directory, and delete it
 * when closed.
 *
 * <pre>
 *   EmbeddedKafka  KRaft, broker and controller in one, replication 1
 *        |  bootstrap()
 *        v
 *   jobs ----&gt; EmbeddedFlink  mini cluster: n TaskManagers x m slots, web UI
 * </pre>
 */
package dev.eddy.jobs.embedded;
