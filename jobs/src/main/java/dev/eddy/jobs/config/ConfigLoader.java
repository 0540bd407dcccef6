package dev.eddy.jobs.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * Makes a {@link PipelineConfig} of a YAML file: overrides applied, references resolved, defaults
 * filled in, every value checked. All keys stand in docs/configuration.md.
 */
public final class ConfigLoader {
  private static final int MAX_CHARACTERS = 1024 * 1024;
  private static final int MAX_DEPTH = 32;

  /** The parser's messages without any of the file's text in them: that text may be a secret. */
  private static final Pattern HARMLESS_HINT =
      Pattern.compile(
          "mapping values are not allowed here|could not find expected ':'"
              + "|expected <block end>.*|found unexpected end of stream"
              + "|Duplicate field '[^']*'|found character '\\\\t\\(TAB\\)'.*");

  private final YAMLMapper yaml;
  private final Map<String, String> environment;
  private final Consumer<String> warnings;

  private ConfigLoader(Map<String, String> environment, Consumer<String> warnings) {
    LoaderOptions limits = new LoaderOptions();
    limits.setCodePointLimit(MAX_CHARACTERS);
    limits.setNestingDepthLimit(MAX_DEPTH);
    limits.setAllowDuplicateKeys(false);
    this.yaml =
        YAMLMapper.builder(YAMLFactory.builder().loaderOptions(limits).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    this.environment = environment;
    this.warnings = warnings;
  }

  /**
   * Loads a file.
   *
   * @param file the YAML file
   * @param overrides {@code path.to.key=value}, applied in order
   * @param warnings hears of what works but is probably not meant, one line each
   * @throws ConfigException naming everything that is wrong
   */
  public static PipelineConfig load(Path file, List<String> overrides, Consumer<String> warnings) {
    Path folder = file.toAbsolutePath().getParent();
    return new ConfigLoader(System.getenv(), warnings)
        .config(file.toString(), read(file), overrides, folder);
  }

  /** Loads a file without overrides; warnings are dropped. */
  public static PipelineConfig load(Path file) {
    return load(file, List.of(), warning -> {});
  }

  /**
   * Makes a configuration of YAML text: for pipelines that are built in, and for tests. Relative
   * {@code file:} references start at the working directory.
   *
   * @throws ConfigException naming everything that is wrong
   */
  public static PipelineConfig parse(String text, String... overrides) {
    return parse(text, List.of(overrides), System.getenv(), warning -> {});
  }

  static PipelineConfig parse(
      String text,
      List<String> overrides,
      Map<String, String> environment,
      Consumer<String> warnings) {
    return new ConfigLoader(environment, warnings).config(null, text, overrides, Path.of(""));
  }

  private static String read(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw new ConfigException(file + ": is a folder, expected a YAML file");
      }
      if (Files.size(file) > MAX_CHARACTERS) {
        throw new ConfigException(
            "%s: larger than %d bytes, the most a configuration may be"
                .formatted(file, MAX_CHARACTERS));
      }
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new ConfigException(file + ": no such file; expected a pipeline's YAML file");
    } catch (CharacterCodingException e) {
      throw new ConfigException(file + ": not UTF-8 text");
    } catch (IOException e) {
      throw new ConfigException(file + ": cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  private PipelineConfig config(String source, String text, List<String> overrides, Path folder) {
    Problems problems = new Problems();
    ObjectNode root = tree(source, text);
    new Overrides(yaml, problems).apply(root, overrides);
    PipelineConfig config =
        new PipelineReader(problems).read(root, new References(environment, folder));
    if (problems.errors().isEmpty()) {
      PipelineChecks.check(config, problems);
    }
    if (!problems.errors().isEmpty()) {
      throw new ConfigException(source, problems.errors());
    }
    problems.warnings().forEach(warnings);
    return config;
  }

  private ObjectNode tree(String source, String text) {
    try {
      refuseAliases(source, text);
      JsonNode tree = yaml.readTree(text);
      if (tree == null || tree.isMissingNode() || tree.isNull()) {
        throw new ConfigException(
            source, List.of("is empty, expected a mapping with at least 'name'"));
      }
      if (tree instanceof ObjectNode object) {
        return object;
      }
      throw new ConfigException(
          source,
          List.of("found %s, expected a mapping with at least 'name'".formatted(kind(tree))));
    } catch (JsonProcessingException e) {
      throw new ConfigException(source, List.of(syntax(e)));
    } catch (IOException e) {
      throw new ConfigException(source, List.of("cannot be read as YAML"));
    }
  }

  /** An alias would be read as plain text without a word; and nested ones grow without bounds. */
  private void refuseAliases(String source, String text) throws IOException {
    try (YAMLParser parser = yaml.getFactory().createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (parser.isCurrentAlias()) {
          throw new ConfigException(
              source,
              List.of(
                  "line %d: YAML aliases (*name) are not supported; write the value out"
                      .formatted(parser.currentTokenLocation().getLineNr())));
        }
      }
    }
  }

  private static String kind(JsonNode tree) {
    return tree.isArray() ? "a list" : "one value";
  }

  /** Where the text stops being YAML, without quoting it. */
  private static String syntax(JsonProcessingException e) {
    String hint = "check the indentation, quotes and colons there";
    for (String line : String.valueOf(e.getOriginalMessage()).split("\n")) {
      if (HARMLESS_HINT.matcher(line.strip()).matches()) {
        hint = line.strip();
      }
    }
    JsonLocation at = e.getLocation();
    String where =
        at == null ? "" : "line %d, column %d: ".formatted(at.getLineNr(), at.getColumnNr());
    return where + "not valid YAML: " + hint;
  }
}
