package dev.eddy.model.optim;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The optimisers, schedules and constraints that configurations and checkpoints may name. Nothing
 * outside these lists is ever instantiated.
 */
public final class OptimKinds {
  private static final Map<String, Class<? extends Optimiser>> OPTIMISERS =
      new TreeMap<>(
          Map.of(
              "adagrad", Adagrad.class,
              "adam", Adam.class,
              "adamw", AdamW.class,
              "momentum", Momentum.class,
              "nesterov", Nesterov.class,
              "rmsprop", RmsProp.class,
              "sgd", Sgd.class));

  private static final Map<String, Class<? extends Schedule>> SCHEDULES =
      new TreeMap<>(
          Map.of(
              "constant", Constant.class,
              "cosine", Cosine.class,
              "exponential", Exponential.class,
              "onecycle", OneCycle.class,
              "plateau", Plateau.class,
              "step", StepDecay.class,
              "warmup", WarmUp.class));

  private static final Map<String, Class<? extends Constraint>> CONSTRAINTS =
      new TreeMap<>(
          Map.of(
              "max-norm", MaxNorm.class,
              "min-max-norm", MinMaxNorm.class,
              "non-negative", NonNegative.class,
              "unit-norm", UnitNorm.class));

  /** Of objects and lists in JSON: some thirty warm-ups one inside the other. */
  private static final int MAX_NESTING = 100;

  private OptimKinds() {}

  /** Every optimiser by its name, sorted. */
  public static Map<String, Class<? extends Optimiser>> optimisers() {
    return Collections.unmodifiableMap(OPTIMISERS);
  }

  /** Every schedule by its name, sorted. */
  public static Map<String, Class<? extends Schedule>> schedules() {
    return Collections.unmodifiableMap(SCHEDULES);
  }

  /** Every constraint by its name, sorted. */
  public static Map<String, Class<? extends Constraint>> constraints() {
    return Collections.unmodifiableMap(CONSTRAINTS);
  }

  /**
   * A mapper that knows the kinds, for text that nobody trusts: nesting is bounded, and every
   * constant must be given.
   */
  public static ObjectMapper mapper() {
    StreamReadConstraints bounds =
        StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build();
    ObjectMapper mapper =
        new ObjectMapper(JsonFactory.builder().streamReadConstraints(bounds).build())
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    OPTIMISERS.forEach((kind, type) -> mapper.registerSubtypes(new NamedType(type, kind)));
    SCHEDULES.forEach((kind, type) -> mapper.registerSubtypes(new NamedType(type, kind)));
    CONSTRAINTS.forEach((kind, type) -> mapper.registerSubtypes(new NamedType(type, kind)));
    return mapper;
  }
}
