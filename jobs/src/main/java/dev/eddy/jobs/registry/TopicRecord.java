package dev.eddy.jobs.registry;

/**
 * A record of the models topic as bytes. Arrays are never written into.
 *
 * @param key the record's key
 * @param value the record's value; null deletes what stands under the key
 */
public record TopicRecord(byte[] key, byte[] value) {}
