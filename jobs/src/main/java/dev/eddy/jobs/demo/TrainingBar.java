package dev.eddy.jobs.demo;

import dev.eddy.jobs.train.TrainProgress;
import java.io.PrintStream;

/** The first training's progress. */
final class TrainingBar {
  private final PrintStream err;

  TrainingBar(PrintStream err) {
    this.err = err;
  }

  void show(TrainProgress progress) {}

  void end() {}
}
