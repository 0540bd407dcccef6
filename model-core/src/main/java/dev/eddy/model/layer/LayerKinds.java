package dev.eddy.model.layer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The layer kinds that configurations and model files may name. Nothing outside this list is ever
 * instantiated.
 */
public final class LayerKinds {
  private static final Map<String, Class<? extends LayerSpec>> KINDS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("activation", ActivationLayer.class),
              Map.entry("additive-attention", AdditiveAttention.class),
              Map.entry("attention-pooling", AttentionPooling.class),
              Map.entry("bidirectional", Bidirectional.class),
              Map.entry("concat", Concat.class),
              Map.entry("conv1d", Conv1d.class),
              Map.entry("conv2d", Conv2d.class),
              Map.entry("crf", Crf.class),
              Map.entry("dense", Dense.class),
              Map.entry("dot-attention", DotAttention.class),
              Map.entry("dropout", Dropout.class),
              Map.entry("embedding", Embedding.class),
              Map.entry("encoder-decoder", EncoderDecoder.class),
              Map.entry("flatten", Flatten.class),
              Map.entry("gather", Gather.class),
              Map.entry("gru", Gru.class),
              Map.entry("input-feeding", InputFeeding.class),
              Map.entry("layer-norm", LayerNorm.class),
              Map.entry("lookback", Lookback.class),
              Map.entry("lstm", Lstm.class),
              Map.entry("max-pool2d", MaxPool2d.class),
              Map.entry("nlinear", NLinear.class),
              Map.entry("part", Part.class),
              Map.entry("pool", Pool.class),
              Map.entry("repeat-vector", RepeatVector.class),
              Map.entry("reshape", Reshape.class),
              Map.entry("residual", Residual.class),
              Map.entry("rnn", SimpleRnn.class),
              Map.entry("sequential", Sequential.class),
              Map.entry("sum", Sum.class),
              Map.entry("tied-embedding", TiedEmbedding.class),
              Map.entry("time-distributed", TimeDistributed.class),
              Map.entry("time-subsampling", TimeSubsampling.class)));

  /** Of objects and lists in JSON: some thirty layers one inside the other. */
  private static final int MAX_NESTING = 100;

  private LayerKinds() {}

  /** Every kind by its name, sorted. */
  public static Map<String, Class<? extends LayerSpec>> all() {
    return Collections.unmodifiableMap(KINDS);
  }

  /**
   * A mapper that knows the kinds, for text that nobody trusts: what is nested so deeply that
   * reading it could take the whole stack is refused, and so is 4.7 where a whole number belongs.
   */
  public static ObjectMapper mapper() {
    StreamReadConstraints bounds =
        StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build();
    return register(
        JsonMapper.builder(JsonFactory.builder().streamReadConstraints(bounds).build())
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .build());
  }

  /** Teaches a mapper to read and write specifications as {@code {kind: {parameter: value}}}. */
  public static ObjectMapper register(ObjectMapper mapper) {
    KINDS.forEach((kind, type) -> mapper.registerSubtypes(new NamedType(type, kind)));
    return mapper;
  }
}
