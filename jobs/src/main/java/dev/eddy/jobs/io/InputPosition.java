package dev.eddy.jobs.io;

/**
 * Where an input record stood: what every output carries, so that accounts are reconciled record by
 * record.
 */
public record InputPosition(String topic, int partition, long offset) {}
