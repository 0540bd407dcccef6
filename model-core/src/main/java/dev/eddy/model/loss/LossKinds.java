package dev.eddy.model.loss;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The losses that configurations and model files may name. Nothing outside this list is ever
 * instantiated.
 */
public final class LossKinds {
  private static final Map<String, Class<? extends Loss>> KINDS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("absolute", AbsoluteError.class),
              Map.entry("binary-cross-entropy", BinaryCrossEntropy.class),
              Map.entry("bpr-max", BprMax.class),
              Map.entry("crf", CrfLikelihood.class),
              Map.entry("cross-entropy", CrossEntropy.class),
              Map.entry("ctc", CtcLoss.class),
              Map.entry("gaussian", GaussianLikelihood.class),
              Map.entry("huber", HuberLoss.class),
              Map.entry("negative-binomial", NegativeBinomialLikelihood.class),
              Map.entry("quantile", QuantileLoss.class),
              Map.entry("sampled-softmax", SampledSoftmax.class),
              Map.entry("squared", SquaredError.class),
              Map.entry("student-t", StudentTLikelihood.class),
              Map.entry("top1-max", Top1Max.class)));

  private LossKinds() {}

  /** Every kind by its name, sorted. */
  public static Map<String, Class<? extends Loss>> all() {
    return Collections.unmodifiableMap(KINDS);
  }

  /** Teaches a mapper to read and write losses as {@code {kind: {parameter: value}}}. */
  public static ObjectMapper register(ObjectMapper mapper) {
    KINDS.forEach((kind, type) -> mapper.registerSubtypes(new NamedType(type, kind)));
    return mapper;
  }
}
