package dev.eddy.jobs.demo;

import java.util.List;

/**
 * How a running demo is doing, at one moment.
 *
 * @param title pipeline and entities
 * @param web where Flink's web UI is
 * @param seconds since the first forecast; NaN before it
 * @param secondsWanted of {@code --seconds}; 0 without an end
 * @param eventsPerSecond records settled per second, of late
 * @param settled records with their output
 * @param open records that await their output
 * @param late of the late output
 * @param deadLetters that came out
 * @param p50Millis latency, median
 * @param p99Millis latency, 99th percentile
 * @param skills of the model and the baselines
 * @param versions who answered so far
 * @param stretches errors along event time
 * @param training what the trainer is doing, or an empty string
 */
record Glance(
    String title,
    String web,
    double seconds,
    int secondsWanted,
    double eventsPerSecond,
    long settled,
    long open,
    long late,
    long deadLetters,
    double p50Millis,
    double p99Millis,
    List<LiveSkill.Skill> skills,
    List<LiveSkill.Version> versions,
    List<LiveSkill.Stretch> stretches,
    String training) {}
