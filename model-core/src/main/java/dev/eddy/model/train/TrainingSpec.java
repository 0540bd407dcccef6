package dev.eddy.model.train;

import java.io.Serializable;

/**
 * How a run trains. Fixed for the run, and part of what its result depends on.
 *
 * @param shards virtual workers; results depend on shards, not on the slots they run on
 * @param localSteps optimiser steps of each shard between two averagings
 * @param rounds averagings at most
 * @param patience rounds without a better validation loss before stopping early
 * @param batch B, sequences stepped together
 * @param chunk T, steps of truncated back-propagation through time
 * @param warmup steps that rebuild the state, without gradient, before a training block begins
 * @param learningRate Adam's
 * @param clipNorm gradients are scaled down to this Euclidean norm
 * @param weightDecay decoupled weight decay (Loshchilov and Hutter 2019)
 * @param seed all randomness follows from it
 */
public record TrainingSpec(
    int shards,
    int localSteps,
    int rounds,
    int patience,
    int batch,
    int chunk,
    int warmup,
    double learningRate,
    double clipNorm,
    double weightDecay,
    long seed)
    implements Serializable {}
