package dev.eddy.benchmarks.work;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What the machine itself allows: threads that train networks of their own, one each, and have
 * nothing to do with one another. Where two of them are not twice as fast as one, the cores share
 * something (a clock that falls, a cache, the memory), and nothing that runs on them scales better.
 */
public final class Ceiling {
  private Ceiling() {}

  /**
   * Target steps learned from per second, all threads together.
   *
   * @param millis how long, after a warm-up of half as long
   */
  public static double samplesPerSecond(int threads, int hidden, int layers, int millis) {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      long warm = System.nanoTime() + millis * 500_000L;
      long end = warm + millis * 1_000_000L;
      List<Future<Double>> rates = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        rates.add(pool.submit(() -> rate(new TrainWork(hidden, layers, 1), warm, end)));
      }
      double sum = 0;
      for (Future<Double> rate : rates) {
        sum += rate.get();
      }
      return sum;
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("the kernels could not be measured", e);
    } finally {
      pool.shutdownNow();
    }
  }

  private static double rate(TrainWork work, long warm, long end) throws Exception {
    try (Learner learner = new EddyLearner(work)) {
      int batch = 0;
      while (System.nanoTime() < warm) {
        learner.learn(batch++ & (TrainWork.BATCHES - 1));
      }
      long start = System.nanoTime();
      long batches = 0;
      long now = start;
      while (now < end || batches == 0) {
        learner.learn(batch++ & (TrainWork.BATCHES - 1));
        batches++;
        now = System.nanoTime();
      }
      return batches * (double) (TrainWork.BATCH * TrainWork.TIME) * 1e9 / (now - start);
    }
  }
}
