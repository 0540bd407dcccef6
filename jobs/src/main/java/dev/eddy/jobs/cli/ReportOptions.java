package dev.eddy.jobs.cli;

import dev.eddy.jobs.config.ConfigException;
import dev.eddy.jobs.report.ReportFiles;
import dev.eddy.jobs.report.TrainingReport;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the report of a training run goes. */
final class ReportOptions {
  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Write report.html and report.json there. Default: runs/NAME-VERSION-TIME.")
  private Path folder;

  @Option(names = "--no-report", description = "Write no report.")
  private boolean none;

  /**
   * Minutes of training must not end with a file that cannot be written.
   *
   * @throws ConfigException where it is plain already that it cannot
   */
  void check() {
    if (none && folder != null) {
      throw new ConfigException("--report and --no-report: expected one of them at most");
    }
    if (folder != null) {
      writable(folder);
    }
  }

  /** That a folder is there and can be written into, or can be made. */
  static void writable(Path folder) {
    Path there = folder.toAbsolutePath().normalize();
    while (there.getParent() != null && Files.notExists(there)) {
      there = there.getParent();
    }
    if (!Files.isDirectory(there) || !Files.isWritable(there)) {
      throw new ConfigException(
          "%s cannot be made or written into; name a folder that can".formatted(folder));
    }
  }

  /**
   * Writes a report unless none is wanted. That it cannot be written fails nothing: the run is
   * over.
   *
   * @return the page, or null
   */
  Path write(TrainingReport report, PrintStream err) {
    if (none) {
      return null;
    }
    Path into = folder != null ? folder : Path.of("runs", report.label());
    try {
      return ReportFiles.write(report, into);
    } catch (IOException e) {
      err.println("eddy: warning: the report cannot be written to %s: %s".formatted(into, e));
      return null;
    }
  }
}
