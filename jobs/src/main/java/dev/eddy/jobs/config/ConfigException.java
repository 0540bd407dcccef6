package dev.eddy.jobs.config;

import java.util.List;

/**
 * A configuration that cannot be used: every problem found, each one line that names the key, what
 * was found and what is allowed. Never holds a secret value. The command line turns it into exit
 * code 2.
 */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final List<String> problems;

  /** One problem that needs no key path. */
  public ConfigException(String problem) {
    this(null, List.of(problem));
  }

  /**
   * All problems of one configuration.
   *
   * @param source where it came from, usually the file's name; null where that says nothing
   * @param problems at least one
   */
  public ConfigException(String source, List<String> problems) {
    super(message(source, problems));
    this.problems = List.copyOf(problems);
  }

  /** The problems, one line each. */
  public List<String> problems() {
    return problems;
  }

  private static String message(String source, List<String> problems) {
    String start = source == null ? "" : source + ": ";
    if (problems.size() == 1) {
      return start + problems.get(0);
    }
    return start + problems.size() + " problems\n  " + String.join("\n  ", problems);
  }
}
