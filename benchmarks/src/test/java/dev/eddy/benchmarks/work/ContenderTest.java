package dev.eddy.benchmarks.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The reference is another implementation: where Eddy agrees with it, both are right. */
class ContenderTest {
  @Test
  void eddyStepsLikeTheReference() {
    StepWork work = new StepWork(5, 3, 4);
    EddyStepper stepper = new EddyStepper(work);
    for (int i = 0; i < StepWork.INPUTS; i++) {
      stepper.step(i);
    }
    Checks.close("eddy", work.reference(), stepper.hidden(), 1e-6);

    stepper.step(0);
    assertThatThrownBy(() -> Checks.close("eddy", work.reference(), stepper.hidden(), 1e-6))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("eddy differs");
  }

  @Test
  void eddyPredictsLikeTheReferenceAndLearns() {
    TrainWork work = new TrainWork(6, 2, 2);
    EddyLearner learner = new EddyLearner(work);
    Checks.close("eddy", work.reference(1), learner.predict(1), 1e-6);
    double before = Checks.squaredError(learner);
    for (int i = 0; i < 2 * TrainWork.BATCHES; i++) {
      learner.learn(i % TrainWork.BATCHES);
    }
    Checks.learned("eddy", before, Checks.squaredError(learner));
    assertThatThrownBy(() -> Checks.learned("eddy", before, before))
        .hasMessageContaining("does not learn");
  }

  @Test
  void whatIsNoNumberDiffers() {
    assertThat(Doubles.difference(new double[] {1, 2}, new float[] {1, Float.NaN}))
        .isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(Doubles.difference(new double[] {1, 2}, new float[] {1, 2.5f})).isEqualTo(0.5);
  }

  @Test
  void gatesAndTranspose() {
    float[] gates = {1, 2, 3, 4};
    LstmWeights weights = new LstmWeights(1, 1, gates, gates, gates);
    assertThat(weights.gates("ifog").b()).containsExactly(1, 2, 3, 4);
    assertThat(weights.gates("gfoi").w()).containsExactly(4, 2, 3, 1);
    assertThat(LstmWeights.transposed(new float[] {1, 2, 3, 4, 5, 6}, 3))
        .containsExactly(1, 4, 2, 5, 3, 6);
  }

  @Test
  void inputsOfABatchInBothOrders() {
    float[] timeFirst = TrainWork.inputs(3);
    float[] batchFirst = TrainWork.inputsBatchFirst(3);
    int t = 7;
    int b = 11;
    assertThat(batchFirst[(b * TrainWork.TIME + t) * TrainWork.INPUTS + 2])
        .isEqualTo(timeFirst[(t * TrainWork.BATCH + b) * TrainWork.INPUTS + 2]);
  }

  @Test
  void operationsAreThoseOfTheProducts() {
    assertThat(new StepWork(64, 8, 32).flops()).isEqualTo(2.0 * 32 * 256 * 72);
    double cell = 2.0 * TrainWork.BATCH * TrainWork.TIME * 256;
    assertThat(new TrainWork(64, 1, 1).flops()).isCloseTo(cell * (72 + 72 + 64), within(1.0));
  }

  @Test
  void contendersByName() throws Exception {
    assertThat(Contenders.named("portable")).isInstanceOf(EddyContender.class);
    assertThatThrownBy(() -> Contenders.named("abacus")).hasMessageContaining("no contender");
  }
}
