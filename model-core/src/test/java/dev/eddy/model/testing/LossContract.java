package dev.eddy.model.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eddy.model.kernel.Kernels;
import dev.eddy.model.kernel.Rng;
import dev.eddy.model.layer.Context;
import dev.eddy.model.loss.Loss;
import dev.eddy.model.loss.LossKinds;
import dev.eddy.model.loss.LossSum;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import dev.eddy.model.seq.IntSeq;
import dev.eddy.model.testing.Tape.Var;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** What every loss promises, as checks on one {@link LossCase}. */
public final class LossContract {
  private static final int T = 5;
  private static final int B = 3;
  private static final long SEED = 20260202;

  private final Kernels kernels;
  private final LossCase tried;
  private final Loss loss;
  private final Bundle target;
  private final Bundle output;

  private LossContract(Kernels kernels, LossCase tried) {
    this.kernels = kernels;
    this.tried = tried;
    this.loss = tried.loss();
    this.target = tried.targets().of(T, B, new Rng(SEED));
    boolean[] mask = new boolean[T * B];
    Arrays.fill(mask, true);
    mask[1 * B] = false; // inside sequence 0
    mask[3 * B + 2] = false;
    this.output = Bundle.of(outputs(1)).withLengths(new int[] {T, T, T - 1}).withMask(mask);
  }

  /** The promises. */
  public enum Check {
    /** Loss and derivative agree with the double-precision tape. */
    ORACLE,
    /** The derivative agrees with differences of the loss's own value. */
    DIFFERENCES,
    /** What is not known or not real changes nothing, whatever stands there. */
    UNKNOWN,
    /** The scores of single sequences add up to the loss of the batch. */
    SCORE,
    /** The derivative of a batch is what its sequences have alone, by their share of targets. */
    BATCH,
    /** Outputs of 10,000 and -10,000 give finite losses and derivatives. */
    EXTREME,
    /** An output that is NaN shows in the loss and the derivative. */
    BROKEN,
    /** The loss survives JSON. */
    JSON,
    /** What does not fit is refused, naming the loss. */
    WRONG_SHAPE
  }

  private void check(Check check) {
    switch (check) {
      case ORACLE -> oracle();
      case DIFFERENCES -> differences();
      case UNKNOWN -> unknown();
      case SCORE -> score();
      case BATCH -> batch();
      case EXTREME -> extreme();
      case BROKEN -> broken();
      case JSON -> json();
      case WRONG_SHAPE -> wrongShape();
    }
  }

  /** One test per check. */
  public static Stream<DynamicTest> tests(LossCase loss, Kernels kernels) {
    return Stream.of(Check.values())
        .map(
            check ->
                DynamicTest.dynamicTest(
                    check + ": " + loss + ", " + kernels.name(),
                    () -> new LossContract(kernels, loss).check(check)));
  }

  /** What a pass gives. */
  private record Pass(LossSum loss, float[] d) {}

  private Pass apply(Bundle output, Bundle target) {
    FloatSeq d = FloatSeq.zeros(output.time(), output.batch(), loss.outputWidth());
    Arrays.fill(d.data(), 7f); // what is left behind shows
    LossSum sum = loss.apply(output, target, d, Context.stepping(kernels));
    return new Pass(sum, d.data());
  }

  /** Off the grid of the float targets: a difference must not straddle a kink. */
  private FloatSeq outputs(double spread) {
    FloatSeq seq = FloatSeq.zeros(T, B, loss.outputWidth());
    Rng rng = new Rng(SEED + 1);
    for (int i = 0; i < seq.data().length; i++) {
      seq.data()[i] = (float) (0.25 * StrictMath.rint(4 * spread * rng.nextGaussian()) + 0.125);
    }
    return seq;
  }

  private void oracle() {
    Pass pass = apply(output, target);
    assertThat(pass.loss().count()).as("the case has known targets").isPositive();
    Tape tape = new Tape();
    FloatSeq x = output.main();
    Var[] leaves = tape.leaves(x.data(), 0, x.data().length);
    Var sum = tape.leaf(0);
    for (int b = 0; b < B; b++) {
      int row = b;
      Var[][] own =
          Arrays.stream(Bundles.real(output, b))
              .mapToObj(t -> Arrays.copyOfRange(leaves, x.at(t, row), x.at(t, row) + x.width()))
              .toArray(Var[][]::new);
      sum = tape.add(sum, tried.formula().of(tape, own, ofRow(target, output, b)));
    }
    tape.backward(sum);
    close("loss", pass.loss().sum(), sum.value(), 1e-5);
    for (int i = 0; i < leaves.length; i++) {
      close("gradient " + i, pass.d()[i] * pass.loss().count(), leaves[i].gradient(), 1e-4);
    }
  }

  private void differences() {
    Pass pass = apply(output, target);
    float[] x = output.main().data();
    float step = 0x1p-7f;
    for (int i = 0; i < x.length; i++) {
      float kept = x[i];
      x[i] = kept + step;
      double above = apply(output, target).loss().sum();
      x[i] = kept - step;
      double below = apply(output, target).loss().sum();
      x[i] = kept;
      double slope = (above - below) / (2 * step);
      close("gradient " + i, pass.d()[i] * pass.loss().count(), slope, 5e-3);
    }
  }

  private void unknown() {
    Pass pass = apply(output, target);
    FloatSeq x = output.main();
    for (int i = 0; i < T * B; i++) {
      if (!output.real(i / B, i % B)) {
        Arrays.fill(x.data(), i * x.width(), (i + 1) * x.width(), Float.NaN);
      }
    }
    Pass again = apply(output, target);
    assertThat(again.loss()).isEqualTo(pass.loss());
    KernelChecks.same("gradient", again.d(), pass.d());
    for (int i = 0; i < T * B * x.width(); i++) {
      if (!output.real(i / x.width() / B, i / x.width() % B)) {
        assertThat(pass.d()[i]).as("gradient of an unreal step").isZero();
      }
    }
    Pass none = apply(output, nothingKnown());
    assertThat(none.loss()).isEqualTo(new LossSum(0, 0));
    assertThat(none.loss().mean()).isNaN();
    assertThat(none.d()).containsOnly(0f);
  }

  private Bundle nothingKnown() {
    if (target.parts().get(Bundle.MAIN) instanceof IntSeq ids) {
      int[] unknown = new int[ids.time() * ids.batch()];
      Arrays.fill(unknown, -1);
      return target.with(Bundle.MAIN, new IntSeq(ids.time(), ids.batch(), unknown));
    }
    FloatSeq seq = target.main();
    FloatSeq unknown = FloatSeq.zeros(seq.time(), seq.batch(), seq.width());
    Arrays.fill(unknown.data(), Float.NaN);
    return target.with(Bundle.MAIN, unknown);
  }

  private void score() {
    LossSum all = apply(output, target).loss();
    double sum = 0;
    long count = 0;
    for (int b = 0; b < B; b++) {
      LossSum one = loss.score(output, target, b, Context.stepping(kernels));
      sum += one.sum();
      count += one.count();
    }
    assertThat(sum).isCloseTo(all.sum(), within(1e-9 * (1 + Math.abs(all.sum()))));
    assertThat(count).isEqualTo(all.count());
  }

  private void batch() {
    Pass all = apply(output, target);
    FloatSeq x = output.main();
    for (int b = 0; b < B; b++) {
      int[] real = Bundles.real(output, b);
      Pass alone = apply(Bundle.of(Bundles.pick(x, real, b)), ofRow(target, output, b));
      double share = (double) alone.loss().count() / all.loss().count();
      for (int i = 0; i < real.length * x.width(); i++) {
        float inBatch = all.d()[x.at(real[i / x.width()], b) + i % x.width()];
        close("row %d, gradient %d".formatted(b, i), inBatch, share * alone.d()[i], 1e-6);
      }
    }
  }

  private void extreme() {
    float[] x = output.main().data();
    for (int seed = 0; seed < 20; seed++) {
      Rng rng = new Rng(seed);
      for (int i = 0; i < x.length; i++) {
        x[i] = seed == 0 ? 1e4f : seed == 1 ? -1e4f : 1e4f * (rng.nextInt(3) - 1);
      }
      Pass pass = apply(output, target);
      assertThat(pass.loss().sum()).isFinite();
      for (float d : pass.d()) {
        assertThat(d).isFinite();
      }
    }
  }

  private void broken() {
    Arrays.fill(output.main().data(), Float.NaN);
    Pass pass = apply(output, target);
    assertThat(pass.loss().sum()).isNaN();
    assertThat(pass.d()).contains(Float.NaN);
  }

  private void json() {
    ObjectMapper mapper = LossKinds.register(new ObjectMapper());
    try {
      String text = mapper.writeValueAsString(loss);
      assertThat(text).startsWith("{\"" + loss.kind() + "\":{");
      Loss back = mapper.readValue(text, Loss.class);
      assertThat(back).isEqualTo(loss).hasSameHashCodeAs(loss).hasToString(loss.toString());
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private void wrongShape() {
    int width = loss.outputWidth();
    refused(Bundle.of(FloatSeq.zeros(T, B, width + 1)), target, width);
    refused(output, target, width + 1);
    refused(output, Bundle.of("elsewhere", target.parts().get(Bundle.MAIN)), width);
    Bundle otherKind =
        target.parts().get(Bundle.MAIN) instanceof IntSeq
            ? target.with(Bundle.MAIN, FloatSeq.zeros(target.time(), B, 1))
            : target.with(Bundle.MAIN, new IntSeq(T, B, new int[T * B]));
    refused(output, otherKind, width);
    Bundle fewer = tried.targets().of(T, B - 1, new Rng(SEED));
    refused(output, fewer, width);
  }

  private void refused(Bundle output, Bundle target, int dWidth) {
    FloatSeq d = FloatSeq.zeros(T, B, dWidth);
    assertThatThrownBy(() -> loss.apply(output, target, d, Context.stepping(kernels)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(loss.kind() + ": ");
  }

  /** The targets of one sequence: at its real steps, or all of them where they have lengths. */
  private static Bundle ofRow(Bundle target, Bundle output, int b) {
    Bundle main = Bundle.of(Bundle.MAIN, target.parts().get(Bundle.MAIN));
    Bundle clock = target.lengths() == null ? output : target;
    int[] steps = IntStream.range(0, clock.time()).filter(t -> clock.real(t, b)).toArray();
    return Bundles.row(main, steps, b).withSidesOf(target);
  }

  private static void close(String what, double actual, double expected, double tolerance) {
    assertThat(actual).as(what).isCloseTo(expected, within(tolerance * (1 + Math.abs(expected))));
  }
}
