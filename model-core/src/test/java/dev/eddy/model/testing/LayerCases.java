package dev.eddy.model.testing;

import dev.eddy.model.layer.Activation;
import dev.eddy.model.layer.ActivationLayer;
import dev.eddy.model.layer.AdditiveAttention;
import dev.eddy.model.layer.AttentionOutput;
import dev.eddy.model.layer.AttentionPooling;
import dev.eddy.model.layer.Bidirectional;
import dev.eddy.model.layer.Bridge;
import dev.eddy.model.layer.Concat;
import dev.eddy.model.layer.Conv1d;
import dev.eddy.model.layer.Conv2d;
import dev.eddy.model.layer.Crf;
import dev.eddy.model.layer.Dense;
import dev.eddy.model.layer.DotAttention;
import dev.eddy.model.layer.Dropout;
import dev.eddy.model.layer.Embedding;
import dev.eddy.model.layer.EncoderDecoder;
import dev.eddy.model.layer.Flatten;
import dev.eddy.model.layer.Gather;
import dev.eddy.model.layer.Gru;
import dev.eddy.model.layer.InputFeeding;
import dev.eddy.model.layer.LayerNorm;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.layer.Lookback;
import dev.eddy.model.layer.Lstm;
import dev.eddy.model.layer.MaxPool2d;
import dev.eddy.model.layer.NLinear;
import dev.eddy.model.layer.Padding;
import dev.eddy.model.layer.Part;
import dev.eddy.model.layer.Pool;
import dev.eddy.model.layer.RepeatVector;
import dev.eddy.model.layer.Reshape;
import dev.eddy.model.layer.Residual;
import dev.eddy.model.layer.Sequential;
import dev.eddy.model.layer.Shape;
import dev.eddy.model.layer.SimpleRnn;
import dev.eddy.model.layer.Sum;
import dev.eddy.model.layer.TiedEmbedding;
import dev.eddy.model.layer.TimeDistributed;
import dev.eddy.model.layer.TimeSubsampling;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** At least one case for every layer there is. */
public final class LayerCases {
  private static final String KINK =
      "a difference across the kink at 0 is not the derivative; the oracle checks it";

  private LayerCases() {}

  /** The cases. */
  public static List<LayerCase> all() {
    return Stream.of(
            basic(),
            recurrent(),
            recurrentOptions(),
            combined(),
            activations(),
            forecast(),
            embeddings(),
            attention(),
            encoderDecoder(),
            pooling(),
            convolutions(),
            images())
        .flatMap(List::stream)
        .toList();
  }

  private static List<LayerCase> basic() {
    return List.of(
        LayerCase.of(Dense.linear(5), Shape.of(3)),
        LayerCase.of(new Dense(4, Activation.TANH), Shape.of(1)),
        LayerCase.of(Gather.of(2, 0, 2, 2), Shape.of(3)),
        LayerCase.of(new Crf(3), Shape.of(3)),
        LayerCase.of(Sequential.of(new Lstm(3), Dense.linear(2), new Crf(2)), Shape.of(2)),
        LayerCase.of(Sequential.of(new Lstm(4), new Lstm(3), Dense.linear(2)), Shape.of(3)),
        LayerCase.of(Sum.of(new Lstm(3), Dense.linear(3), Dense.linear(3)), Shape.of(3)),
        LayerCase.of(Sum.of(new Pool(Pool.Mode.MEAN), new Pool(Pool.Mode.LAST)), Shape.of(3)),
        LayerCase.of(Sum.of(new TimeSubsampling(2), new TimeSubsampling(2)), Shape.of(2)));
  }

  private static List<LayerCase> activations() {
    Set<Activation> kinks =
        EnumSet.of(Activation.RELU, Activation.LEAKY_RELU, Activation.HARD_SIGMOID);
    List<LayerCase> cases = new ArrayList<>();
    for (Activation activation : Activation.values()) {
      for (LayerSpec spec : List.of(new Dense(6, activation), new ActivationLayer(activation))) {
        LayerCase layer = LayerCase.of(spec, Shape.of(5));
        cases.add(
            kinks.contains(activation)
                ? layer.skipping(LayerContract.Check.DIFFERENCES, KINK)
                : layer);
      }
    }
    return cases;
  }

  private static List<LayerCase> recurrent() {
    return List.of(
        LayerCase.of(new Lstm(1), Shape.of(1)),
        LayerCase.of(new Lstm(5), Shape.of(3)),
        LayerCase.of(new Lstm(4), new Shape(Map.of("x", 2, "unread", 2))),
        LayerCase.of(SimpleRnn.of(5), Shape.of(3)),
        LayerCase.of(new SimpleRnn(1, Activation.SIGMOID), Shape.of(2)),
        LayerCase.of(new SimpleRnn(4, Activation.RELU), Shape.of(3))
            .skipping(LayerContract.Check.DIFFERENCES, KINK),
        LayerCase.of(Gru.of(1), Shape.of(1)),
        LayerCase.of(Gru.of(5), Shape.of(3)),
        LayerCase.of(new Gru(4, true, Gru.Update.REPLACE), Shape.of(2)),
        LayerCase.of(new Gru(4, false, Gru.Update.KEEP), Shape.of(3)),
        LayerCase.of(new Gru(3, false, Gru.Update.REPLACE), Shape.of(2)));
  }

  private static List<LayerCase> recurrentOptions() {
    Lstm lstm = new Lstm(3);
    return List.of(
        LayerCase.of(new Lstm(4).withPeephole(), Shape.of(3)),
        LayerCase.of(lstm.withActivations(null, Activation.SIGMOID, null), Shape.of(2)),
        LayerCase.of(
                lstm.withPeephole()
                    .withActivations(
                        Activation.HARD_SIGMOID, Activation.LINEAR, Activation.SIGMOID),
                Shape.of(2))
            .skipping(LayerContract.Check.DIFFERENCES, KINK),
        LayerCase.of(lstm.withActivations(null, Activation.RELU, Activation.LINEAR), Shape.of(2))
            .skipping(LayerContract.Check.DIFFERENCES, KINK),
        LayerCase.of(lstm.withRecurrentDropout(0.3f), Shape.of(2)),
        LayerCase.of(lstm.withLearnedState(), Shape.of(2)),
        LayerCase.of(
            lstm.withPeephole().withRecurrentDropout(0.2f).withLearnedState(), Shape.of(2)),
        LayerCase.of(Gru.of(3).withRecurrentDropout(0.2f).withLearnedState(), Shape.of(2)),
        LayerCase.of(new Gru(3, false, null).withLearnedState(), Shape.of(2)),
        LayerCase.of(SimpleRnn.of(3).withRecurrentDropout(0.2f).withLearnedState(), Shape.of(2)),
        LayerCase.of(
            Bidirectional.of(Sequential.of(Gru.of(3).withLearnedState(), lstm.withLearnedState())),
            Shape.of(2)),
        LayerCase.of(
            Concat.of(
                SimpleRnn.of(2).withLearnedState(), new Residual(Gru.of(2).withLearnedState())),
            Shape.of(2)));
  }

  private static List<LayerCase> combined() {
    Shape two = new Shape(Map.of("x", 3, "y", 2));
    Bidirectional.Merge product = Bidirectional.Merge.PRODUCT;
    return List.of(
        LayerCase.of(Bidirectional.of(new Lstm(3)), Shape.of(2)),
        LayerCase.of(new Bidirectional(Sequential.of(Gru.of(4), Gru.of(3)), product), Shape.of(2)),
        LayerCase.of(new Bidirectional(new Lstm(3), Bidirectional.Merge.MEAN), two),
        LayerCase.of(new Bidirectional(SimpleRnn.of(3), Bidirectional.Merge.SUM), Shape.of(2)),
        LayerCase.of(
            Sequential.of(Bidirectional.of(Gru.of(2)), Bidirectional.of(Gru.of(2))), Shape.of(3)),
        LayerCase.of(new Residual(new Lstm(3)), Shape.of(3)),
        LayerCase.of(
            new Residual(Sequential.of(LayerNorm.standard(), Gru.of(4), Dense.linear(3))), two),
        LayerCase.of(LayerNorm.standard(), Shape.of(5)),
        LayerCase.of(new LayerNorm(0.1f), Shape.of(35)),
        LayerCase.of(Dropout.of(0.3f), Shape.of(4)),
        LayerCase.of(
            Sequential.of(Dropout.variational(0.2f), Gru.of(3), Dropout.of(0.5f)), Shape.of(4)),
        LayerCase.of(new Part("y"), two),
        LayerCase.of(Concat.of(new Lstm(2), Dense.linear(3), Gru.of(1)), Shape.of(2)),
        LayerCase.of(
            Concat.of(Dense.linear(2), Sequential.of(new Part("y"), new Lstm(2)), new Part("y")),
            two));
  }

  private static List<LayerCase> forecast() {
    Shape series = new Shape(Map.of(Lookback.PART, 3));
    return List.of(
        LayerCase.of(new Lookback(1, 0), series),
        LayerCase.of(new Lookback(8, 0), series),
        LayerCase.of(new Lookback(8, 3), series),
        LayerCase.of(new Lookback(7, 7), series),
        LayerCase.of(new NLinear(5, 0), Shape.of(4)),
        LayerCase.of(new NLinear(5, 3), Shape.of(4)),
        LayerCase.of(new NLinear(1, 1), Shape.of(1)),
        LayerCase.of(forecaster(), new Shape(Map.of("x", 4, Lookback.PART, 3))));
  }

  private static List<LayerCase> embeddings() {
    Shape ids = Shape.of(0);
    return List.of(
        LayerCase.of(Embedding.of(5, 3), ids),
        LayerCase.of(new Embedding(1, 1, "word", 0), new Shape(Map.of("word", 0, "x", 2)))
            .withIds(1),
        LayerCase.of(new Embedding(7, 4, "word", 2), new Shape(Map.of("word", 0))).withIds(4),
        LayerCase.of(Sequential.of(Embedding.of(5, 3), new Lstm(4), Dense.linear(2)), ids),
        LayerCase.of(TiedEmbedding.of(5, 3, new Lstm(3)), ids),
        LayerCase.of(
            new TiedEmbedding(6, 2, List.of(new Lstm(4), Dense.linear(2)), "word"),
            new Shape(Map.of("word", 0, "x", 2))));
  }

  private static List<LayerCase> attention() {
    Shape pair = Shape.of(3).withSide("memory", Shape.of(4));
    Shape even = Shape.of(3).withSide("source", Shape.of(3));
    return List.of(
        LayerCase.of(AdditiveAttention.of(5), pair),
        LayerCase.of(new AdditiveAttention(1, "source", AttentionOutput.CONTEXT), even),
        LayerCase.of(general(), pair),
        LayerCase.of(
            new DotAttention(DotAttention.Score.DOT, "source", AttentionOutput.CONTEXT), even),
        LayerCase.of(
            new DotAttention(DotAttention.Score.SCALED, "source", AttentionOutput.CONCAT), even),
        LayerCase.of(
            Sequential.of(new Lstm(3), AdditiveAttention.of(2), new Lstm(4), general()), pair),
        LayerCase.of(new AttentionPooling(5, 1), Shape.of(3)),
        LayerCase.of(new AttentionPooling(2, 3), Shape.of(4)));
  }

  private static List<LayerCase> encoderDecoder() {
    Shape pair = Shape.of(3).withSide("source", Shape.of(4));
    Shape memory = Shape.of(3).withSide("memory", Shape.of(4));
    LayerSpec twoQuestions =
        Sequential.of(new Lstm(3), AdditiveAttention.of(2), new Lstm(3), general());
    LayerSpec luong =
        new InputFeeding(Sequential.of(new Lstm(3), general(), new Dense(2, Activation.TANH)), 2);
    LayerSpec bahdanau = new InputFeeding(Sequential.of(Gru.of(2), AdditiveAttention.of(3)), 4);
    return List.of(
        LayerCase.of(new InputFeeding(new Lstm(3), 3), Shape.of(2)),
        LayerCase.of(luong, memory),
        LayerCase.of(bahdanau, memory),
        LayerCase.of(EncoderDecoder.of(new Lstm(3), new Lstm(3), Bridge.STATE), pair),
        LayerCase.of(
            EncoderDecoder.of(Sequential.of(new Lstm(5), new Lstm(3)), twoQuestions, Bridge.DENSE),
            pair),
        LayerCase.of(EncoderDecoder.of(new Lstm(4), bahdanau, Bridge.DENSE), pair),
        LayerCase.of(EncoderDecoder.of(Dense.linear(2), luong, Bridge.POOLED), pair),
        LayerCase.of(
            EncoderDecoder.of(Bidirectional.of(Gru.of(2)), new Lstm(3), Bridge.POOLED), pair),
        LayerCase.of(
            new EncoderDecoder(Gru.of(2), general("asked"), Bridge.NONE, "source", "asked"), pair));
  }

  private static DotAttention general(String memory) {
    return new DotAttention(DotAttention.Score.GENERAL, memory, null);
  }

  private static DotAttention general() {
    return DotAttention.of(DotAttention.Score.GENERAL);
  }

  private static List<LayerCase> pooling() {
    return List.of(
        LayerCase.of(new Pool(Pool.Mode.LAST), Shape.of(3)),
        LayerCase.of(new Pool(Pool.Mode.MEAN), Shape.of(3)),
        LayerCase.of(new Pool(Pool.Mode.MAX), Shape.of(3)),
        LayerCase.of(
            Sequential.of(new Lstm(4), new Pool(Pool.Mode.MEAN), Dense.linear(2)), Shape.of(3)),
        LayerCase.of(
            Sequential.of(new Lstm(3), new Pool(Pool.Mode.LAST), new RepeatVector(4), new Lstm(2)),
            Shape.of(3)),
        LayerCase.of(new TimeSubsampling(1), Shape.of(2)),
        LayerCase.of(new TimeSubsampling(4), Shape.of(2)),
        LayerCase.of(Sequential.of(new TimeSubsampling(2), new Lstm(2)), Shape.of(3)),
        LayerCase.of(new RepeatVector(3), Shape.of(2)),
        LayerCase.of(new Reshape(2), Shape.of(6)),
        LayerCase.of(new Reshape(6), Shape.of(6)),
        LayerCase.of(new Reshape(8), Shape.of(2)),
        LayerCase.of(Sequential.of(new Reshape(2), new Lstm(2)), Shape.of(6)),
        LayerCase.of(new Flatten(6), Shape.of(2)),
        LayerCase.of(new Flatten(9), Shape.of(1)),
        LayerCase.of(new Flatten(0), Shape.of(3)));
  }

  private static List<LayerCase> convolutions() {
    return List.of(
        LayerCase.of(Conv1d.causal(4, 3), Shape.of(2)),
        LayerCase.of(Conv1d.causal(2, 1), Shape.of(3)),
        LayerCase.of(conv1d(3, 1, 2, Padding.CAUSAL), Shape.of(2)),
        LayerCase.of(new Conv1d(3, 2, 1, 1, Padding.CAUSAL, Activation.SOFTMAX), Shape.of(2)),
        LayerCase.of(conv1d(9, 1, 1, Padding.CAUSAL), Shape.of(1)),
        LayerCase.of(conv1d(2, 2, 2, Padding.CAUSAL), Shape.of(2)),
        LayerCase.of(conv1d(3, 1, 1, Padding.SAME), Shape.of(2)),
        LayerCase.of(conv1d(4, 3, 1, Padding.SAME), Shape.of(2)),
        LayerCase.of(conv1d(2, 1, 2, Padding.VALID), Shape.of(2)),
        LayerCase.of(conv1d(3, 2, 1, Padding.VALID), Shape.of(2)),
        LayerCase.of(Sequential.of(Conv1d.causal(3, 2), Conv1d.causal(2, 3)), Shape.of(2)),
        LayerCase.of(
            Sequential.of(conv1d(2, 2, 1, Padding.VALID), new Lstm(3), new Pool(Pool.Mode.MAX)),
            Shape.of(2)));
  }

  private static Conv1d conv1d(int kernel, int stride, int dilation, Padding padding) {
    return new Conv1d(3, kernel, stride, dilation, padding, Activation.TANH);
  }

  private static List<LayerCase> images() {
    Shape image = Shape.of(new Shape.Image(4, 3, 2));
    Conv2d same = new Conv2d(2, 3, 2, Padding.SAME, Activation.LINEAR);
    return List.of(
        LayerCase.of(Conv2d.valid(3, 2, Activation.TANH), image),
        LayerCase.of(new Conv2d(2, 2, 1, Padding.SAME, Activation.SIGMOID), image),
        LayerCase.of(same, image),
        LayerCase.of(MaxPool2d.of(2), image),
        LayerCase.of(new MaxPool2d(3, 1, Padding.SAME), image),
        LayerCase.of(new MaxPool2d(2, 3, Padding.SAME), image),
        LayerCase.of(TimeDistributed.of(2, 4, 3, MaxPool2d.of(2)), Shape.of(24)),
        LayerCase.of(new Flatten(0), image),
        LayerCase.of(
            Sequential.of(
                TimeDistributed.of(
                    4,
                    5,
                    1,
                    Conv2d.valid(3, 2, Activation.TANH),
                    MaxPool2d.of(2),
                    new Flatten(0),
                    Dense.linear(3)),
                new Lstm(2)),
            Shape.of(20)));
  }

  /** A small network of the form that forecasts are made with: 3 steps, 2 quantiles. */
  public static Sum forecaster() {
    return Sum.of(
        Sequential.of(new Lstm(5), Dense.linear(6)),
        Sequential.of(new Lookback(8, 4), new NLinear(3, 4), Gather.of(0, 0, 1, 1, 2, 2)));
  }
}
