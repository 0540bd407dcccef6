package dev.eddy.jobs.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes reports. */
public final class ReportFiles {
  private ReportFiles() {}

  /**
   * Writes {@code report.html} and {@code report.json}, replacing those that are there.
   *
   * @param folder made where it is missing
   * @return the page
   * @throws IOException where they cannot be written
   */
  public static Path write(TrainingReport report, Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("report.json"), ReportJson.text(report));
    return Files.writeString(folder.resolve("report.html"), ReportPage.text(report));
  }
}
