package dev.eddy.jobs.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Collects what is wrong (stops the run) and what is odd (a warning) while a configuration is read.
 */
final class Problems {
  private final List<String> errors = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  /** Something that must be put right. */
  void error(String path, String message) {
    errors.add(path.isEmpty() ? message : path + ": " + message);
  }

  /** Something that works but is probably not meant. */
  void warning(String path, String message) {
    warnings.add(path + ": " + message);
  }

  List<String> errors() {
    return errors;
  }

  List<String> warnings() {
    return warnings;
  }
}
