package dev.eddy.jobs.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the names of files tell. */
public final class FileNames {
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*");

  private FileNames() {}

  /** The format that a name's extension tells: {@code csv}, {@code json} or {@code parquet}. */
  public static Optional<String> format(String name) {
    String plain = name.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
    String extension = plain.substring(plain.lastIndexOf('.') + 1);
    return switch (extension) {
      case "csv" -> Optional.of("csv");
      case "json", "jsonl", "ndjson" -> Optional.of("json");
      case "parquet" -> Optional.of("parquet");
      default -> Optional.empty();
    };
  }

  /**
   * Paths that mean the same in every working directory: what runs on another machine, or in
   * another folder of this one, reads the same files. URIs stay as they are.
   */
  public static List<String> absolute(List<String> names) {
    return names.stream()
        .map(
            name ->
                SCHEME.matcher(name).matches() ? name : Path.of(name).toAbsolutePath().toString())
        .toList();
  }
}
