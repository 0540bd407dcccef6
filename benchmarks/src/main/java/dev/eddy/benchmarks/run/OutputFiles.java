package dev.eddy.benchmarks.run;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Looks at where results are to go before anything runs, not after. */
public final class OutputFiles {
  private OutputFiles() {}

  /**
   * Checks a file that is to be written; its folder must be there.
   *
   * @param option what named it
   * @param file null if none was asked for
   * @throws ParameterException if it cannot be written
   */
  public static void checkFile(CommandSpec spec, String option, Path file) {
    if (file == null) {
      return;
    }
    Path folder = file.toAbsolutePath().getParent();
    boolean writable =
        Files.exists(file)
            ? Files.isRegularFile(file) && Files.isWritable(file)
            : folder != null && Files.isDirectory(folder) && Files.isWritable(folder);
    if (!writable) {
      throw new ParameterException(
          spec.commandLine(),
          "%s: %s cannot be written; name a file in a folder that is there"
              .formatted(option, file));
    }
  }

  /**
   * Checks a folder that is made where it is missing.
   *
   * @param option what named it
   * @param folder null if none was asked for
   * @throws ParameterException if nothing can be written into it
   */
  public static void checkFolder(CommandSpec spec, String option, Path folder) {
    if (folder == null) {
      return;
    }
    Path there = folder.toAbsolutePath();
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    if (there == null || !Files.isDirectory(there) || !Files.isWritable(there)) {
      throw new ParameterException(
          spec.commandLine(),
          "%s: %s cannot be written to; name a folder, there or to be made"
              .formatted(option, folder));
    }
  }
}
