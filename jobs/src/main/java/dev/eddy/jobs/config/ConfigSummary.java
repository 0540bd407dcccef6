package dev.eddy.jobs.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.eddy.model.layer.LayerKinds;
import dev.eddy.model.layer.LayerSpec;
import dev.eddy.model.train.LocalSteps;
import java.io.Serializable;
import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A pipeline's configuration as a run used it, defaults included, one line a value: what a report
 * prints. Secrets are hidden as everywhere ({@link Redaction}).
 */
public final class ConfigSummary {
  private static final ObjectWriter LAYERS =
      LayerKinds.mapper().writerFor(new TypeReference<List<LayerSpec>>() {});

  /** The trainer's own specification, its averaging and its update are no levels of the file's. */
  private static final Set<String> INNER = Set.of("spec", "averaging", "update");

  private ConfigSummary() {}

  /**
   * Values by key, {@code training.batch} for example, in the order of the records that hold them.
   * Keys are near to those of the file, but longer where a record holds a unit ({@code
   * step-millis}). What is not set is left out.
   *
   * @param config the pipeline. Not modified
   * @return immutable
   */
  public static Map<String, String> of(PipelineConfig config) {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("name", config.name());
    lines.put("kafka.bootstrap", config.kafka().bootstrap());
    Redaction.properties(config.kafka().properties(), config.kafka().referenced())
        .forEach((key, value) -> lines.put("kafka.properties." + key, value));
    flatten("source", config.source(), lines);
    flatten("forecast", config.forecast(), lines);
    flatten("training", config.training(), lines);
    flatten("models", config.models(), lines);
    return Collections.unmodifiableMap(lines);
  }

  private static void flatten(String key, Object value, Map<String, String> lines) {
    if (value == null) {
      return;
    }
    if (!isGroup(value.getClass())) {
      lines.put(key, text(value));
      return;
    }
    for (RecordComponent part : value.getClass().getRecordComponents()) {
      String name = !INNER.contains(part.getName()) ? key + "." + kebab(part.getName()) : key;
      flatten(name, get(part, value), lines);
    }
  }

  /**
   * A record that only groups values; one of several kinds of a thing is a value itself, and so are
   * local steps, which are mostly one number.
   */
  private static boolean isGroup(Class<?> type) {
    return type.isRecord()
        && type != LocalSteps.class
        && List.of(type.getInterfaces()).stream().allMatch(Serializable.class::equals);
  }

  private static Object get(RecordComponent part, Object of) {
    try {
      return part.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + part.getName() + " of " + of.getClass(), e);
    }
  }

  private static String text(Object value) {
    if (value instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof LayerSpec) {
      try {
        return LAYERS.writeValueAsString(list);
      } catch (JsonProcessingException e) {
        return list.toString(); // for people all the same
      }
    }
    if (value.getClass().isArray()) {
      return IntStream.range(0, Array.getLength(value))
          .mapToObj(i -> String.valueOf(Array.get(value, i)))
          .collect(Collectors.joining(", ", "[", "]"));
    }
    return value instanceof Enum<?> one ? one.name().toLowerCase(Locale.ROOT) : value.toString();
  }

  private static String kebab(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }
}
