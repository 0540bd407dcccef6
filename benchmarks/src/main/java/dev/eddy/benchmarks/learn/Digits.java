package dev.eddy.benchmarks.learn;

import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.Dropout;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.Pool;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.loss.CrossEntropy;
import dev.eddy.model.net.Network;
import dev.eddy.model.optim.Adam;
import dev.eddy.model.optim.Cosine;
import dev.eddy.model.optim.Regularisation;
import dev.eddy.model.optim.UpdateSpec;
import dev.eddy.model.optim.WarmUp;
import dev.eddy.model.train.Accuracy;
import dev.eddy.model.train.BatchSpec;
import dev.eddy.model.train.Batches;
import dev.eddy.model.train.FitListener;
import dev.eddy.model.train.FitSpec;
import dev.eddy.model.train.SequenceBatches;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Handwritten digits read row by row. The end of the training part validates; the weights that are
 * best there are scored on the test part, once.
 *
 * @param name of the experiment
 * @param train images to learn from and to validate on
 * @param test images to score
 * @param validation how many of the training images validate: the last ones
 * @param epochs passes over the training images, each in nine positions
 * @param bar least accuracy
 */
record Digits(String name, Images train, Images test, int validation, int epochs, double bar)
    implements Experiment {
  static final String ACCURACY = "accuracy";
  static final int CLASSES = 10;
  static final int UNITS = 128;
  static final int ROWS = 64;
  private static final int VALIDATIONS = 20;

  /** 3,823 digits of 8 x 8 pixels, from other writers than the 1,797 of the test part. */
  static Digits optdigits(Path data) {
    Path folder = data.resolve("optdigits");
    Images train = Images.optdigits(folder.resolve("optdigits.tra.gz"));
    Images test = Images.optdigits(folder.resolve("optdigits.tes.gz"));
    return of("optdigits", train, test, 500, 10, 0.97);
  }

  /** 60,000 digits of 28 x 28 pixels, and 10,000 of the test part. */
  static Digits mnist(Path data) {
    Path folder = data.resolve("mnist");
    Images train =
        Images.idx(
            folder.resolve("train-images-idx3-ubyte.gz"),
            folder.resolve("train-labels-idx1-ubyte.gz"));
    Images test =
        Images.idx(
            folder.resolve("t10k-images-idx3-ubyte.gz"),
            folder.resolve("t10k-labels-idx1-ubyte.gz"));
    return of("mnist", train, test, 5000, 1, 0.985);
  }

  private static Digits of(
      String name, Images train, Images test, int validation, int epochs, double bar) {
    return new Digits(
        name, train.standardised(train), test.standardised(train), validation, epochs, bar);
  }

  @Override
  public String description() {
    return "%d x %d pixels read row by row; LSTM of %d units, dropout 0.2, %,d images in 9 positions"
        .formatted(train.height(), train.width(), UNITS, train.count() - validation);
  }

  @Override
  public List<String> variants() {
    return List.of("lstm");
  }

  @Override
  public Bar bar(String variant) {
    return new Bar(ACCURACY, true, bar);
  }

  @Override
  public Outcome run(String variant, long seed, int threads, FitListener listener)
      throws IOException {
    Batches learning = learning(true, BatchSpec.training(ROWS, seed));
    long steps = (long) epochs * learning.count(0);
    UpdateSpec update =
        UpdateSpec.of(new Adam(), 0.003)
            .withSchedule(new WarmUp(steps / 20, new Cosine(steps - steps / 20, 0.01)))
            .withRegularisation(new Regularisation(0, 0, 0.01));
    FitSpec spec = FitSpec.of(update, epochs, seed).withValidateEvery((int) (steps / VALIDATIONS));
    Network network = network(train.width(), 0.2f);
    return new Trial(
            network,
            network.initialWeights(seed),
            new CrossEntropy(CLASSES),
            spec,
            learning,
            validating(),
            testing(),
            new Accuracy(),
            true)
        .run(threads, listener);
  }

  static Network network(int width, float dropout) {
    return Network.build(
        Sequential.of(
            new Lstm(UNITS), new Pool(Pool.Mode.LAST), Dropout.of(dropout), Dense.linear(CLASSES)),
        Shape.of(width));
  }

  Batches learning(boolean moved, BatchSpec spec) {
    return batches(train.range(0, train.count() - validation), moved, spec);
  }

  Batches validating() {
    return batches(
        train.range(train.count() - validation, train.count()), false, BatchSpec.validation(ROWS));
  }

  Batches testing() {
    return batches(test, false, BatchSpec.validation(ROWS));
  }

  private static Batches batches(Images images, boolean moved, BatchSpec spec) {
    ImageExamples examples = new ImageExamples(images, moved);
    return new SequenceBatches(examples, examples.spans(), spec);
  }
}
