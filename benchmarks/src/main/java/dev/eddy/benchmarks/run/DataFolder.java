package dev.eddy.benchmarks.run;

import java.nio.file.Path;

/** Where data sets are looked for. */
public final class DataFolder {
  private DataFolder() {}

  /**
   * The folder of the data sets: as given, else {@code $EDDY_DATA}, else {@code ../shared/data}.
   *
   * @param given null where nothing is
   */
  public static Path of(Path given) {
    if (given != null) {
      return given;
    }
    String environment = System.getenv("EDDY_DATA");
    return Path.of(environment == null || environment.isBlank() ? "../shared/data" : environment);
  }
}
