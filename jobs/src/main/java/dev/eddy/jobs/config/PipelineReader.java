package dev.eddy.jobs.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eddy.jobs.config.PipelineConfig.Demo;
import dev.eddy.jobs.config.PipelineConfig.Evaluation;
import dev.eddy.jobs.config.PipelineConfig.Kafka;
import dev.eddy.jobs.config.PipelineConfig.Models;
import dev.eddy.jobs.config.PipelineConfig.Offsets;
import dev.eddy.jobs.config.PipelineConfig.Serving;
import dev.eddy.jobs.config.PipelineConfig.Source;
import dev.eddy.jobs.config.PipelineConfig.Stragglers;
import dev.eddy.jobs.config.PipelineConfig.Swap;
import dev.eddy.jobs.config.PipelineConfig.Time;
import dev.eddy.jobs.config.PipelineConfig.Training;
import dev.eddy.model.train.TrainingSpec;
import dev.eddy.model.train.UpdateChoices;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads every key of the tree, each with its default and its bounds; {@link PipelineChecks}
 * compares keys.
 */
final class PipelineReader {
  private static final long DAY = 86_400_000L;
  private static final int MANY = 1_000_000;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");
  private static final Pattern OFFSETS = Pattern.compile("(\\d{1,18})-(\\d{0,18})");
  private static final Pattern BOOTSTRAP =
      Pattern.compile(
          "(([A-Za-z0-9._-]+|\\[[0-9a-fA-F:.]+]):\\d{1,5})(\\s*,\\s*([A-Za-z0-9._-]+|\\[[0-9a-fA-F:.]+]):\\d{1,5})*");

  private final Problems problems;

  PipelineReader(Problems problems) {
    this.problems = problems;
  }

  /** The configuration; without meaning where problems were noted. */
  PipelineConfig read(ObjectNode root, References references) {
    Section top = new Section("", root, references, problems);
    String name = name(top);
    top.choice("task", "forecast", List.of("forecast"));
    Kafka kafka = kafka(top.section("kafka"));
    Section serving = top.section("serving");
    JsonNode network = top.node("network");
    PipelineConfig config =
        new PipelineConfig(
            name,
            kafka,
            source(top.section("source"), top.text("target", null), name),
            new ForecastReader(problems)
                .read(top.section("forecast"), serving, new NetworkReader(problems).read(network)),
            training(top.section("training")),
            serving(serving),
            models(top.section("models")),
            evaluation(top.section("evaluation")),
            demo(top.section("demo")));
    top.end();
    return config;
  }

  private String name(Section top) {
    if (!top.has("name")) {
      return top.text("name");
    }
    return top.checked(
        "name",
        "unnamed",
        "letters, digits, '.', '_' and '-' (at most 100, beginning with a letter or digit)",
        text -> matching(NAME, text));
  }

  private static Kafka kafka(Section section) {
    String bootstrap =
        section.checked(
            "bootstrap",
            "localhost:9092",
            "host:port[,host:port]",
            text -> matching(BOOTSTRAP, text));
    Section properties = section.section("properties");
    Set<String> referenced = new LinkedHashSet<>();
    Map<String, String> entries = properties.entries(referenced);
    section.end();
    return new Kafka(bootstrap, entries, referenced);
  }

  private static Source source(Section section, String target, String name) {
    List<String> files = section.texts("file", "a path or URI of files, or a list of them");
    List<String> melt = section.list("melt", "names of columns", text -> text);
    boolean melted = melt != null && !melt.isEmpty();
    Section time = section.section("time");
    Source source =
        new Source(
            section.checked(
                "topic",
                name + ".events",
                "a topic name: letters, digits, '.', '_' and '-' (at most 249)",
                text -> matching(TOPIC, text)),
            files,
            section.choice("format", format(files, melted), List.of("json", "csv", "parquet")),
            section.text("entity", melted ? null : "entity"),
            melted ? melt : List.of(),
            target == null && !melted ? "value" : target,
            time(time),
            section.checked(
                "start",
                "earliest",
                "earliest, latest, committed or an instant such as 2026-01-31T00:00:00Z",
                text -> instantOr(text, "earliest", "latest", "committed")),
            time.millis("max-ahead", "1h", 0, 36_500 * DAY),
            (int) section.bytes("max-bytes", 1 << 20, 16, 64 << 20));
    time.end();
    section.end();
    return source;
  }

  /** The format that goes without saying. */
  private static String format(List<String> files, boolean melted) {
    String usual = files.isEmpty() && !melted ? "json" : "csv";
    return files.isEmpty() ? usual : FileNames.format(files.get(0)).orElse(usual);
  }

  private static Time time(Section section) {
    String zone =
        section.checked("zone", "UTC", "a time zone such as UTC or Europe/Berlin", ZoneId::of);
    return new Time(
        section.text("field", "time"),
        section.checked(
            "format",
            "epoch-millis",
            "epoch-millis, epoch-seconds, iso, or a java.time pattern such as yyyy-MM-dd HH:mm:ss",
            PipelineReader::timeFormat),
        zone);
  }

  private Training training(Section section) {
    int shards = (int) section.whole("shards", 4, 1, 10_000);
    double weightDecay = section.number("weight-decay", 0, 0, 10);
    TrainingSpec usual =
        new TrainingSpec(
            shards,
            1,
            (int) section.whole("rounds", 40, 1, MANY),
            (int) section.whole("patience", 6, 1, MANY),
            (int) section.whole("batch", 32, 1, 65_536),
            (int) section.whole("chunk", 48, 1, 100_000),
            (int) section.whole("warmup", 168, 0, 100_000),
            section.number("learning-rate", 0.003, 1e-9, 10),
            section.number("clip-norm", 1, 1e-9, 1e9),
            weightDecay,
            section.whole("seed", 1, Long.MIN_VALUE, Long.MAX_VALUE));
    TrainingSpec spec =
        UpdateChoices.apply(
            usual.withAveraging(new AveragingReader(problems).read(section, shards)),
            section.choice("optimizer", UpdateChoices.OPTIMISER, UpdateChoices.optimisers()),
            section.choice("schedule", UpdateChoices.SCHEDULE, UpdateChoices.schedules()),
            section.number("clip-value", Double.POSITIVE_INFINITY, 1e-9, 1e9),
            weightDecay);
    Stragglers stragglers =
        new Stragglers(
            section.millis("straggler-timeout", "30 min", 1_000, 7 * DAY),
            section.choice("stragglers", "fail", List.of("fail", "drop")).equals("drop"));
    Training training =
        new Training(
            spec,
            section.share("validation", 0.1, 0, 0.9),
            section.share("gate", 0.1, 0, 0.9),
            (int) section.whole("parallelism", 2, 1, 10_000),
            section.share("margin", 0, -1, 0.99),
            section.share("live-margin", 0, -1, 0.99),
            Boolean.parseBoolean(section.choice("refit", "false", List.of("true", "false"))),
            stragglers,
            section.bytes("memory", 256L << 20, 1 << 20, 64L << 30),
            section.checked(
                "start",
                "earliest",
                "earliest or an instant such as 2026-01-31T00:00:00Z",
                text -> instantOr(text, "earliest")),
            section.checked(
                "end",
                "latest",
                "latest or an instant such as 2026-01-31T00:00:00Z",
                text -> instantOr(text, "latest")),
            offsets(section.section("offsets")),
            (int) section.whole("max-retries", 3, 0, 1_000));
    section.end();
    return training;
  }

  private static Map<Integer, Offsets> offsets(Section section) {
    Map<Integer, Offsets> all = new TreeMap<>();
    section
        .entries(new LinkedHashSet<>())
        .keySet()
        .forEach(
            partition ->
                section.checked(
                    partition,
                    null,
                    "offsets of a partition's records such as 100-2000 (2000 not among them) or 100- (to the end)",
                    text -> all.put(Integer.parseUnsignedInt(partition), range(text))));
    section.end();
    return all;
  }

  private static Offsets range(String text) {
    Matcher matcher = OFFSETS.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("no range");
    }
    String last = matcher.group(2);
    Offsets offsets =
        new Offsets(
            Long.parseLong(matcher.group(1)),
            last.isEmpty() ? Long.MAX_VALUE : Long.parseLong(last));
    if (offsets.from() >= offsets.to()) {
      throw new IllegalArgumentException("nothing in it");
    }
    return offsets;
  }

  private static Serving serving(Section section) {
    Section batch = section.section("batch");
    Section ordering = section.section("ordering");
    Serving serving =
        new Serving(
            section.choice("delivery", "exactly-once", List.of("exactly-once", "at-least-once")),
            section.millis("checkpoint", "10s", 10, DAY),
            section.choice("swap", Swap.REWARM, Swap.class),
            (int) batch.whole("size", 64, 1, 65_536),
            batch.millis("linger", "5ms", 0, 60_000),
            ordering.millis("max-delay", "0", 0, 36_500 * DAY),
            (int) section.whole("gap-reset", 0, 0, Integer.MAX_VALUE),
            (int) section.whole("parallelism", 0, 0, 32_768),
            (int) section.whole("max-parallelism", 128, 1, 32_768),
            section.millis("transaction-timeout", "10 min", 1_000, 7 * DAY));
    batch.end();
    ordering.end();
    section.end();
    return serving;
  }

  private static Models models(Section section) {
    String allowed = "a URI of a folder such as s3://bucket/models or file:///srv/models";
    String store = section.checked("store", null, allowed, PipelineReader::folder);
    List<String> readable = section.list("allowed", allowed, PipelineReader::folder);
    section.end();
    return new Models(
        store, readable != null ? readable : store == null ? List.of() : List.of(store));
  }

  private static String folder(String text) {
    URI uri = URI.create(text);
    if (uri.getScheme() == null || uri.getPath() == null || !uri.normalize().equals(uri)) {
      throw new IllegalArgumentException("no URI of a folder");
    }
    return text;
  }

  private static Evaluation evaluation(Section section) {
    if (!section.present()) {
      return null;
    }
    Evaluation evaluation =
        new Evaluation(rows(section, "train"), rows(section, "validation"), rows(section, "test"));
    section.end();
    return evaluation;
  }

  private static Demo demo(Section section) {
    if (!section.present()) {
      return null;
    }
    Demo demo =
        new Demo(
            (int) section.whole("history", 1_344, 2, 100_000_000),
            (int) section.whole("entities", 300, 1, MANY),
            (int) section.whole("rate", 2_000, 0, 10_000_000));
    section.end();
    return demo;
  }

  private static int rows(Section section, String key) {
    if (!section.has(key)) {
      section.text(key);
    }
    return (int) section.whole(key, 1, 1, Integer.MAX_VALUE);
  }

  private static String matching(Pattern pattern, String text) {
    if (!pattern.matcher(text).matches()) {
      throw new IllegalArgumentException("does not match");
    }
    return text;
  }

  private static Object instantOr(String text, String... words) {
    return List.of(words).contains(text) ? text : Instant.parse(text);
  }

  private static Object timeFormat(String text) {
    return List.of("epoch-millis", "epoch-seconds", "iso").contains(text)
        ? text
        : DateTimeFormatter.ofPattern(text);
  }
}
