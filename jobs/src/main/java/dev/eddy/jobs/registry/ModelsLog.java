package dev.eddy.jobs.registry;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the models topic says when it is read from its beginning: the manifests that are there, and
 * who is live.
 */
final class ModelsLog {
  /** A version that is there. */
  record Version(ModelRef ref, Map<String, String> about) {}

  private final Map<String, NavigableMap<Integer, Version>> versions = new TreeMap<>();
  private final Map<String, ModelRecord.Pointed> pointers = new HashMap<>();
  private final Map<String, Integer> highest = new HashMap<>();

  /** Takes the next record of the topic. */
  void apply(ModelRecord record, Map<String, String> about) {
    if (record instanceof ModelRecord.Published published) {
      ModelRef ref = published.ref();
      versions(ref.name()).put(ref.version(), new Version(ref, about));
      highest.merge(ref.name(), ref.version(), Math::max);
    } else if (record instanceof ModelRecord.Retired retired) {
      versions(retired.name()).remove(retired.version());
      highest.merge(retired.name(), retired.version(), Math::max);
    } else if (record instanceof ModelRecord.Pointed pointed) {
      // The epoch must rise: whatever else came later is not followed, here or in a job.
      pointers.merge(
          pointed.name(), pointed, (old, now) -> now.swapEpoch() > old.swapEpoch() ? now : old);
      highest.merge(pointed.name(), pointed.version(), Math::max);
    }
  }

  private NavigableMap<Integer, Version> versions(String name) {
    return versions.computeIfAbsent(name, n -> new TreeMap<>());
  }

  Set<String> names() {
    return versions.keySet();
  }

  /** Versions of a pipeline that are not retired, ascending. */
  NavigableMap<Integer, Version> of(String name) {
    return versions.getOrDefault(name, Collections.emptyNavigableMap());
  }

  /** The pipeline's pointer; null if nothing was ever live. */
  ModelRecord.Pointed pointer(String name) {
    return pointers.get(name);
  }

  /** The highest version ever seen; 0 if there was none. */
  int highest(String name) {
    return highest.getOrDefault(name, 0);
  }
}
