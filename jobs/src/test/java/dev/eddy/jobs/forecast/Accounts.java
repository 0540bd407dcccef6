package dev.eddy.jobs.forecast;

import dev.eddy.jobs.io.InputPosition;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Input records against output records, by topic, partition and offset.
 *
 * @param lost inputs that came out nowhere
 * @param duplicated outputs beyond the first of an input
 * @param unknown outputs of no input
 */
record Accounts(long lost, long duplicated, long unknown) {

  /** Settles the accounts. */
  static Accounts of(Collection<InputPosition> inputs, Collection<InputPosition> outputs) {
    Map<InputPosition, Integer> seen = new HashMap<>();
    inputs.forEach(input -> seen.put(input, 0));
    long unknown = 0;
    for (InputPosition output : outputs) {
      if (seen.computeIfPresent(output, (position, count) -> count + 1) == null) {
        unknown++;
      }
    }
    long lost = seen.values().stream().filter(count -> count == 0).count();
    long duplicated =
        seen.values().stream().filter(count -> count > 1).mapToLong(count -> count - 1).sum();
    return new Accounts(lost, duplicated, unknown);
  }
}
