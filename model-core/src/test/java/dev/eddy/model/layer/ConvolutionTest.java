package dev.eddy.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.eddy.model.kernel.PortableKernels;
import dev.eddy.model.net.Network;
import dev.eddy.model.seq.Bundle;
import dev.eddy.model.seq.FloatSeq;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** By hand, on numbers whose digits show what was multiplied with what. */
class ConvolutionTest {
  private static final float[] KERNEL = {1, 10, 100, 0}; // W [3][1][1], b

  private static float[] conv(Padding padding, int stride, int dilation, float... x) {
    Conv1d spec = new Conv1d(1, 3, stride, dilation, padding, null);
    Network network = Network.build(spec, Shape.of(1));
    Bundle input = Bundle.of(new FloatSeq(x.length, 1, 1, x));
    float[] state = new float[network.stateSize()];
    Context context = Context.stepping(new PortableKernels());
    return network.forward(KERNEL, input, state, context).data();
  }

  @Test
  void theLastWeightsBelongToTheNewestStep() {
    assertThat(conv(Padding.CAUSAL, 1, 1, 1, 2, 3, 4)).containsExactly(100, 210, 321, 432);
    assertThat(conv(Padding.SAME, 1, 1, 1, 2, 3, 4)).containsExactly(210, 321, 432, 43);
    assertThat(conv(Padding.VALID, 1, 1, 1, 2, 3, 4)).containsExactly(321, 432);
  }

  @Test
  void stridesAndGaps() {
    assertThat(conv(Padding.CAUSAL, 1, 2, 1, 2, 3, 4)).containsExactly(100, 200, 310, 420);
    assertThat(conv(Padding.CAUSAL, 2, 1, 1, 2, 3, 4)).containsExactly(100, 321);
    assertThat(conv(Padding.SAME, 2, 1, 1, 2, 3, 4)).containsExactly(210, 432);
    assertThat(conv(Padding.VALID, 2, 1, 1, 2, 3, 4, 5)).containsExactly(321, 543);
    assertThat(conv(Padding.VALID, 1, 2, 1, 2, 3, 4, 5)).containsExactly(531);
  }

  @Test
  void aSequenceTooShortForAWindowGivesNoSteps() {
    assertThat(conv(Padding.VALID, 1, 1, 1, 2)).isEmpty();
    Network network = Network.build(new Conv1d(1, 3, 1, 1, Padding.VALID, null), Shape.of(1));
    FloatSeq x = new FloatSeq(3, 2, 1, new float[] {1, 1, 2, 2, 3, 3});
    Bundle output =
        network.run(
            KERNEL,
            Bundle.of(x).withLengths(new int[] {2, 3}),
            new float[0],
            Context.stepping(new PortableKernels()));
    assertThat(output.lengths()).containsExactly(0, 1);
    assertThat(output.main().data()).containsExactly(0, 321);
  }

  @Test
  void onlyACausalOneWithStrideOneRunsEventByEvent() {
    Shape shape = Shape.of(5);
    Network causal = Network.build(new Conv1d(2, 3, 1, 4, Padding.CAUSAL, null), shape);
    assertThat(causal.causal()).isTrue();
    assertThat(causal.stateSize()).isEqualTo((3 - 1) * 4 * 5);
    for (Padding padding : Padding.values()) {
      Network other = Network.build(new Conv1d(2, 3, 2, 4, padding, null), shape);
      assertThat(other.causal()).isFalse();
      assertThat(other.stateSize()).isZero();
    }
  }

  @Test
  void aStepTakesNoNewMemoryForItsWindow() {
    Network network = Network.build(Conv1d.causal(4, 1000), Shape.of(8));
    float[] weights = network.initialWeights(1);
    float[] state = new float[network.stateSize()];
    Context context = Context.stepping(new PortableKernels());
    Bundle step = Bundle.of(FloatSeq.zeros(1, 1, 8));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    network.forward(weights, step, state, context);
    context.reset();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 100; i++) {
      network.forward(weights, step, state, context);
      context.reset();
    }
    long taken = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(taken / 100).as("bytes a step; its window has 32,000").isLessThan(8_000);
  }

  private static float[] image(LayerSpec spec, Shape.Image image, float[] weights, float... x) {
    Network network = Network.build(spec, Shape.of(image));
    Bundle input = Bundle.of(new FloatSeq(1, 1, x.length, x));
    Context context = Context.stepping(new PortableKernels());
    return network.forward(weights, input, new float[0], context).data();
  }

  @Test
  void anImageIsReadRowByRow() {
    Shape.Image nine = new Shape.Image(3, 3, 1);
    float[] w = {1, 10, 100, 1000, 0};
    float[] x = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    assertThat(image(Conv2d.valid(1, 2, null), nine, w, x)).containsExactly(5421, 6532, 8754, 9865);
    assertThat(image(new Conv2d(1, 2, 2, Padding.SAME, null), nine, w, x))
        .containsExactly(5421, 603, 87, 9);
    assertThat(image(new MaxPool2d(2, 1, null), nine, new float[0], x)).containsExactly(5, 6, 8, 9);
    assertThat(image(new MaxPool2d(3, 2, Padding.SAME), nine, new float[0], x))
        .containsExactly(5, 6, 8, 9);
    assertThat(
            image(
                new MaxPool2d(2, 2, Padding.SAME),
                nine,
                new float[0],
                -1,
                -2,
                -3,
                -4,
                -5,
                -6,
                -7,
                -8,
                -9))
        .as("what lies beyond the edge is not 0")
        .containsExactly(-1, -3, -7, -9);
  }

  @Test
  void ofEqualPixelsTheFirstTakesTheGradient() {
    Network network = Network.build(MaxPool2d.of(2), Shape.of(new Shape.Image(2, 2, 1)));
    Context context = Context.tracing(new PortableKernels());
    Bundle input = Bundle.of(new FloatSeq(1, 1, 4, new float[] {1, 3, 3, 3}));
    network.forward(new float[0], input, new float[0], context);
    FloatSeq dy = new FloatSeq(1, 1, 1, new float[] {7});
    Bundle dx = network.backward(new float[0], dy, context, new float[0]);
    assertThat(dx.main().data()).containsExactly(0, 7, 0, 0);
  }

  @Test
  void layersBesideEachOtherAndElementByElementKeepTheImage() {
    LayerSpec same = new Conv2d(2, 3, 1, Padding.SAME, Activation.TANH);
    LayerSpec beside = TimeDistributed.of(4, 4, 2, Sum.of(same, same), MaxPool2d.of(2));
    assertThat(beside.outputShape(Shape.of(32))).isEqualTo(Shape.of(2 * 2 * 2));
    List<LayerSpec> elementwise =
        List.of(
            Dropout.of(0.1f),
            LayerNorm.standard(),
            new ActivationLayer(Activation.TANH),
            new Residual(same));
    for (LayerSpec each : elementwise) {
      LayerSpec between = TimeDistributed.of(4, 4, 2, same, each, MaxPool2d.of(2));
      assertThat(between.outputShape(Shape.of(32))).as("%s", each).isEqualTo(Shape.of(2 * 2 * 2));
    }
  }

  @Test
  void whatDoesNotFitIsNamedByItsPath() {
    Shape steps = Shape.of(16);
    assertThatThrownBy(() -> Network.build(Conv2d.valid(1, 2, null), steps))
        .hasMessageStartingWith("conv2d: reads images, but nothing says how 16 floats are one")
        .hasMessageContaining("time-distributed");
    assertThatThrownBy(() -> Network.build(TimeDistributed.of(4, 5, 1, MaxPool2d.of(2)), steps))
        .hasMessage(
            "time-distributed: an image [4][5][1] has 20 floats, its input's steps have 16");
    LayerSpec tooLarge = TimeDistributed.of(4, 4, 1, MaxPool2d.of(2), Conv2d.valid(1, 3, null));
    assertThatThrownBy(() -> Network.build(tooLarge, steps))
        .hasMessageStartingWith(
            "time-distributed.conv2d1: windows of 3 x 3 do not fit into images [2][2][1]");
    LayerSpec flat = TimeDistributed.of(4, 4, 1, new Flatten(0), MaxPool2d.of(2));
    assertThatThrownBy(() -> Network.build(flat, steps))
        .hasMessageStartingWith("time-distributed.max-pool2d1: reads images");
    for (LayerSpec inside : new LayerSpec[] {new Lstm(3), new Pool(Pool.Mode.MAX)}) {
      assertThatThrownBy(() -> Network.build(TimeDistributed.of(4, 4, 1, inside), steps))
          .hasMessageStartingWith("time-distributed: its layers see one step at a time");
    }
    assertThatThrownBy(() -> new Conv2d(1, 2, 1, Padding.CAUSAL, null))
        .hasMessageContaining("no direction of time");
    assertThatThrownBy(() -> new Conv1d(1, 1 << 15, 1, 3, null, null))
        .hasMessageContaining("kernel=32768 dilation=3");
    assertThatThrownBy(() -> Network.build(Conv1d.causal(1 << 24, 1 << 15), Shape.of(1 << 24)))
        .hasMessageContaining("too large");
    assertThatThrownBy(() -> Conv1d.causal(1, 0)).hasMessageContaining("kernel=0");
  }
}
