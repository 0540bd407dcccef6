package dev.eddy.jobs.registry;

import java.util.Map;

/**
 * What the models topic says of a version, beside the bytes themselves.
 *
 * @param name the pipeline's name
 * @param version immutable version, 1, 2, ...
 * @param sha256 hex of the model file
 * @param size bytes of the model file
 * @param location where the model file lies
 * @param about for people: metrics, data range, parent, code version. Immutable, in order
 */
public record Manifest(
    String name,
    int version,
    String sha256,
    int size,
    Location location,
    Map<String, String> about) {}
