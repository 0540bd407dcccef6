package dev.eddy.benchmarks.learn;

import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.Dropout;
import dev.eddy.model.layer.Embedding;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.loss.CrossEntropy;
import dev.eddy.model.net.Network;
import dev.eddy.model.optim.Adam;
import dev.eddy.model.optim.Cosine;
import dev.eddy.model.optim.Regularisation;
import dev.eddy.model.optim.UpdateSpec;
import dev.eddy.model.optim.WarmUp;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.train.BatchMetrics;
import dev.eddy.model.train.BatchSpec;
import dev.eddy.model.train.Batches;
import dev.eddy.model.train.CarriedBatches;
import dev.eddy.model.train.Examples;
import dev.eddy.model.train.FitListener;
import dev.eddy.model.train.FitSpec;
import dev.eddy.model.train.Span;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The next character of Shakespeare's plays. The first 90 % of the text are cut into the rows of a
 * batch, each a lane of text through which its state is carried; the last twentieth of every lane
 * tells when to stop. The last 10 % of the text are scored, once. (To stop by the end of the
 * training text would take away the play that the last 10 % go on with: a 5-gram that has not seen
 * that end comes to 1.95 nats instead of 1.67.)
 *
 * @param text the text
 */
record Shakespeare(Text text) implements Experiment {
  private static final int UNITS = 384;
  private static final int EMBEDDED = 64;
  private static final int ROWS = 64;
  private static final int CHUNK = 64;
  private static final int EPOCHS = 6;

  /** Of tinyshakespeare. */
  static Shakespeare of(Path data) {
    return new Shakespeare(Text.read(data.resolve("tinyshakespeare").resolve("input.txt.gz")));
  }

  @Override
  public String name() {
    return "shakespeare";
  }

  @Override
  public String description() {
    return "the next of %d characters; embedding of %d, LSTM of %d units, dropout 0.4, %,d characters"
        .formatted(text.vocabulary(), EMBEDDED, UNITS, testAt());
  }

  @Override
  public List<String> variants() {
    return List.of("lstm");
  }

  @Override
  public Bar bar(String variant) {
    return new Bar(Trial.LOSS, false, 1.55);
  }

  private int testAt() {
    return (int) (text.ids().length * 9L / 10);
  }

  @Override
  public Outcome run(String variant, long seed, int threads, FitListener listener)
      throws IOException {
    Network network =
        Network.build(
            Sequential.of(
                Embedding.of(text.vocabulary(), EMBEDDED),
                Dropout.of(0.1f),
                new Lstm(UNITS),
                Dropout.of(0.4f),
                Dense.linear(text.vocabulary())),
            new Shape(Map.of(Bundle.MAIN, 0)));
    Examples plays = text.next(0, testAt());
    Span.Split lanes = Span.byTime(plays.spans().get(0).lanes(ROWS), 0.05, 0);
    Batches train = new CarriedBatches(plays, lanes.train(), CHUNK, BatchSpec.training(ROWS, seed));
    long steps = (long) EPOCHS * train.count(0);
    UpdateSpec update =
        UpdateSpec.of(new Adam(), 0.004)
            .withSchedule(new WarmUp(steps / 20, new Cosine(steps - steps / 20, 0.01)))
            .withRegularisation(new Regularisation(0, 0, 0.01));
    return new Trial(
            network,
            network.initialWeights(seed),
            new CrossEntropy(text.vocabulary()),
            FitSpec.of(update, EPOCHS, seed).withPatience(2),
            train,
            new CarriedBatches(plays, lanes.validation(), CHUNK, BatchSpec.validation(ROWS)),
            test(),
            BatchMetrics.NONE,
            true)
        .run(threads, listener);
  }

  /** In few rows, so that most characters have a long past. */
  private Batches test() {
    Examples rest = text.next(testAt(), text.ids().length);
    int rows = ROWS / 8;
    return new CarriedBatches(
        rest, rest.spans().get(0).lanes(rows), CHUNK, BatchSpec.validation(rows));
  }
}
