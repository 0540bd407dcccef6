package dev.eddy.model.testing;

import dev.eddy.model.kernel.Rng;
import dev.eddy.model.loss.AbsoluteError;
import dev.eddy.model.loss.BinaryCrossEntropy;
import dev.eddy.model.loss.CrossEntropy;
import dev.eddy.model.loss.GaussianLikelihood;
import dev.eddy.model.loss.HuberLoss;
import dev.eddy.model.loss.NegativeBinomialLikelihood;
import dev.eddy.model.loss.QuantileLoss;
import dev.eddy.model.loss.SquaredError;
import dev.eddy.model.loss.StudentTLikelihood;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.seq.IntSeq;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** At least one case for every loss there is. */
public final class LossCases {
  private LossCases() {}

  /** The cases. */
  public static List<LossCase> all() {
    return Stream.of(errors(), likelihoods(), classes()).flatMap(List::stream).toList();
  }

  private static List<LossCase> errors() {
    return List.of(
        new LossCase(new SquaredError(5), floats(5), ErrorFormulas.squared(1, 0)),
        new LossCase(new SquaredError(3, 3, 1), floats(3), ErrorFormulas.squared(3, 1)),
        new LossCase(new AbsoluteError(3), floats(3), ErrorFormulas.absolute()),
        new LossCase(new HuberLoss(4, null), floats(4), ErrorFormulas.huber(1)),
        new LossCase(new HuberLoss(1, 0.5), floats(1), ErrorFormulas.huber(0.5)),
        new LossCase(
            new QuantileLoss(5, 0.1, 0.5, 0.95), floats(5), ErrorFormulas.quantile(0.1, 0.5, 0.95)),
        new LossCase(new QuantileLoss(2, 0.5), floats(2), ErrorFormulas.quantile(0.5)));
  }

  private static List<LossCase> likelihoods() {
    return List.of(
        new LossCase(new GaussianLikelihood(1), floats(1), LikelihoodFormulas.gaussian()),
        new LossCase(new GaussianLikelihood(3), floats(3), LikelihoodFormulas.gaussian()),
        new LossCase(new StudentTLikelihood(3), floats(3), LikelihoodFormulas.studentT()),
        new LossCase(
            new NegativeBinomialLikelihood(3),
            floats(3, rng -> rng.nextInt(rng.nextInt(4) == 0 ? 1000 : 5)),
            LikelihoodFormulas.negativeBinomial()));
  }

  private static List<LossCase> classes() {
    return List.of(
        new LossCase(new BinaryCrossEntropy(3), yesOrNo(3), ClassFormulas.binary(0, 1)),
        new LossCase(new BinaryCrossEntropy(2, 0.2, 3.0), yesOrNo(2), ClassFormulas.binary(0.2, 3)),
        new LossCase(new CrossEntropy(2), ids(2), ClassFormulas.crossEntropy(0, List.of(1.0, 1.0))),
        new LossCase(
            new CrossEntropy(4, 0.1, List.of(1.0, 0.0, 2.5, 0.25)),
            ids(4),
            ClassFormulas.crossEntropy(0.1, List.of(1.0, 0.0, 2.5, 0.25))),
        new LossCase(new CrossEntropy(67), ids(67), ClassFormulas.crossEntropy(0, null)));
  }

  /** On a grid that the kit's outputs never meet: no difference straddles a kink. */
  private static LossCase.Targets floats(int width) {
    return floats(width, rng -> 0.25 * StrictMath.rint(4 * rng.nextGaussian()));
  }

  private static LossCase.Targets yesOrNo(int width) {
    return floats(width, rng -> rng.nextInt(3) / 2.0);
  }

  private static LossCase.Targets floats(int width, ToDoubleFunction<Rng> value) {
    return (time, batch, rng) -> {
      FloatSeq seq = FloatSeq.zeros(time, batch, width);
      for (int i = 0; i < seq.data().length; i++) {
        float y = (float) value.applyAsDouble(rng);
        seq.data()[i] = rng.nextInt(8) == 0 ? Float.NaN : y;
      }
      return Bundle.of(seq);
    };
  }

  private static LossCase.Targets ids(int classes) {
    return (time, batch, rng) -> {
      int[] ids = new int[time * batch];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = rng.nextInt(8) == 0 ? -1 : rng.nextInt(classes);
      }
      return Bundle.of(Bundle.MAIN, new IntSeq(time, batch, ids));
    };
  }
}
