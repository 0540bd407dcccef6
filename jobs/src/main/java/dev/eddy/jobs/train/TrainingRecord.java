package dev.eddy.jobs.train;

import java.io.Serializable;

/**
 * One Kafka record that a training run writes: a manifest, a pointer, or a report of its progress.
 * Arrays are never written into.
 *
 * @param topic where it goes
 * @param key the record's key
 * @param value the record's value
 */
public record TrainingRecord(String topic, byte[] key, byte[] value) implements Serializable {}
