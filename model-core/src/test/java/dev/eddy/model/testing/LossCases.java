package dev.eddy.model.testing;

import dev.eddy.model.kernel.Rng;
import dev.eddy.model.loss.AbsoluteError;
import dev.eddy.model.loss.BinaryCrossEntropy;
import dev.eddy.model.loss.BprMax;
import dev.eddy.model.loss.CandidateSampler;
import dev.eddy.model.loss.CrfLikelihood;
import dev.eddy.model.loss.CrossEntropy;
import dev.eddy.model.loss.CtcLoss;
import dev.eddy.model.loss.GaussianLikelihood;
import dev.eddy.model.loss.HuberLoss;
import dev.eddy.model.loss.NegativeBinomialLikelihood;
import dev.eddy.model.loss.QuantileLoss;
import dev.eddy.model.loss.SampledSoftmax;
import dev.eddy.model.loss.SquaredError;
import dev.eddy.model.loss.StudentTLikelihood;
import dev.eddy.model.loss.Top1Max;
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
    return Stream.of(errors(), likelihoods(), classes(), candidates(), sequences())
        .flatMap(List::stream)
        .toList();
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

  private static List<LossCase> candidates() {
    return List.of(
        new LossCase(new SampledSoftmax(20), drawn(20), ClassFormulas.sampledSoftmax()),
        new LossCase(new BprMax(2, 0), ids(2), ClassFormulas.bprMax(0)),
        new LossCase(new BprMax(20, 0.5), drawn(20), ClassFormulas.bprMax(0.5)),
        new LossCase(new Top1Max(2), ids(2), ClassFormulas.top1Max()),
        new LossCase(new Top1Max(20), drawn(20), ClassFormulas.top1Max()));
  }

  private static List<LossCase> sequences() {
    return List.of(
        new LossCase(new CrfLikelihood(1), ids(1), PathFormulas.crf(1)),
        new LossCase(new CrfLikelihood(3), ids(3), PathFormulas.crf(3)),
        new LossCase(new CtcLoss(3, 0), labels(new int[] {1, 2}), PathFormulas.ctc(0)),
        new LossCase(new CtcLoss(4, 3), labels(new int[] {1, 1}), PathFormulas.ctc(3)),
        new LossCase(new CtcLoss(2, 0), labels(new int[] {1}), PathFormulas.ctc(0)));
  }

  private static LossCase.Targets drawn(int candidates) {
    return (time, batch, rng) -> {
      IntSeq right = ids(50).of(time, batch, rng).ids(Bundle.MAIN);
      return CandidateSampler.uniform(50).draw(right, candidates, rng).target();
    };
  }

  /** One label for all sequences but the second: that has the first id alone. */
  private static LossCase.Targets labels(int[] label) {
    return (time, batch, rng) -> {
      int[] ids = new int[2 * batch];
      int[] lengths = new int[batch];
      for (int b = 0; b < batch; b++) {
        lengths[b] = b == 1 ? 1 : label.length;
        for (int l = 0; l < 2; l++) {
          ids[l * batch + b] = l < lengths[b] ? label[l] : -7;
        }
      }
      return Bundle.of(Bundle.MAIN, new IntSeq(2, batch, ids)).withLengths(lengths);
    };
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
