package dev.eddy.model.seq;

/** One named part of an input bundle: a batch of sequences, time-major. */
public sealed interface Seq permits FloatSeq, IntSeq {
  /** T, the number of time steps. */
  int time();

  /** B, the number of sequences stepped together. */
  int batch();
}
