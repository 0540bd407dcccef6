package dev.eddy.jobs.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Resolves references in values, which keep secrets out of the configuration file.
 *
 * <ul>
 *   <li>{@code ${NAME}}, anywhere in a value: the environment variable; {@code ${NAME:-text}} falls
 *       back to text; <code>$$&#123;</code> stands for a plain <code>$&#123;</code>.
 *   <li>{@code file:PATH}, as a whole value: the content of a file, without the line break at its
 *       end. A relative path starts at the folder of the configuration file. {@code file://PATH} is
 *       no reference but a URI.
 * </ul>
 */
final class References {
  /** A secret is a line or a certificate, not a data set. */
  private static final long MAX_FILE_BYTES = 256 * 1024;

  private static final Pattern VARIABLE =
      Pattern.compile("\\$\\$\\{|\\$\\{([A-Za-z_][A-Za-z0-9_]*)(:-([^}]*))?}");

  private final Map<String, String> environment;
  private final Path folder;

  References(Map<String, String> environment, Path folder) {
    this.environment = environment;
    this.folder = folder;
  }

  /** Whether the value is or holds a reference, so that what it resolves to must never be shown. */
  static boolean isReference(String value) {
    return isFile(value) || VARIABLE.matcher(value).find();
  }

  /**
   * The value with its references resolved.
   *
   * @throws IllegalArgumentException if one cannot be; the message names the reference and never
   *     its content
   */
  String resolve(String value) {
    return isFile(value) ? file(value.substring("file:".length())) : variables(value);
  }

  private static boolean isFile(String value) {
    return value.startsWith("file:") && !value.startsWith("file://");
  }

  private String variables(String value) {
    Matcher matcher = VARIABLE.matcher(value);
    StringBuilder out = new StringBuilder();
    while (matcher.find()) {
      String found = "${";
      if (matcher.group(1) != null) {
        found = environment.get(matcher.group(1));
        if (found == null) {
          found = matcher.group(3);
        }
        if (found == null) {
          throw new IllegalArgumentException(
              "environment variable %s is not set; set it, or give a default as ${%s:-...}"
                  .formatted(matcher.group(1), matcher.group(1)));
        }
      }
      matcher.appendReplacement(out, Matcher.quoteReplacement(found));
    }
    return matcher.appendTail(out).toString();
  }

  private String file(String name) {
    Path path = folder.resolve(name.startsWith("//") ? name.substring(2) : name);
    try {
      if (Files.size(path) > MAX_FILE_BYTES) {
        throw new IllegalArgumentException(
            "file %s is larger than %d bytes, the most a reference may read"
                .formatted(path, MAX_FILE_BYTES));
      }
      return Files.readString(path, StandardCharsets.UTF_8).stripTrailing();
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "file %s cannot be read; a 'file:' reference needs a readable text file".formatted(path),
          e);
    }
  }
}
