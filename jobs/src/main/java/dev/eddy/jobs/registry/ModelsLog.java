package dev.eddy.jobs.registry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the models topic says when it is read from its beginning: the manifests that are there, and
 * who is live. A version is what it was first said to be, by its manifest or by a pointer to it:
 * compaction may have left only the latter.
 */
final class ModelsLog {
  /** A version that is there. */
  record Version(ModelRef ref, Manifest manifest) {}

  private final Map<String, NavigableMap<Integer, Version>> versions = new TreeMap<>();
  private final Map<String, Map<Integer, String>> hashes = new HashMap<>();
  private final Map<String, Set<Integer>> retired = new HashMap<>();
  private final Map<String, ModelRecord.Pointed> pointers = new HashMap<>();
  private final Map<String, Integer> highest = new HashMap<>();

  /**
   * Takes the next record of the topic.
   *
   * @param manifest what stands in the record if it publishes a version, else not looked at
   * @throws BadModelException if it would change a version; it is not followed
   */
  void apply(ModelRecord record, Manifest manifest) throws BadModelException {
    if (record instanceof ModelRecord.Published published) {
      publish(published.ref(), manifest);
    } else if (record instanceof ModelRecord.Retired gone) {
      versions(gone.name()).remove(gone.version());
      retired.computeIfAbsent(gone.name(), n -> new HashSet<>()).add(gone.version());
      seen(gone.name(), gone.version());
    } else if (record instanceof ModelRecord.Pointed pointed) {
      point(pointed);
    }
  }

  private void publish(ModelRef ref, Manifest manifest) throws BadModelException {
    seen(ref.name(), ref.version());
    require(
        !retired.getOrDefault(ref.name(), Set.of()).contains(ref.version()),
        "version %d of %s is retired: its number is not given again",
        ref.version(),
        ref.name());
    String known = known(ref.name(), ref.version(), ref.sha256());
    require(
        known.equals(ref.sha256()),
        "version %d of %s has sha256 %s and cannot be replaced by another (%s)",
        ref.version(),
        ref.name(),
        known,
        ref.sha256());
    // The later record of the same bytes is the one that compaction keeps.
    versions(ref.name()).put(ref.version(), new Version(ref, manifest));
  }

  private void point(ModelRecord.Pointed pointed) throws BadModelException {
    seen(pointed.name(), pointed.version());
    pointed.previous().forEach(version -> seen(pointed.name(), version));
    if (!pointed.sha256().isEmpty()) {
      String known = known(pointed.name(), pointed.version(), pointed.sha256());
      require(
          pointed.means(known),
          "the pointer of %s means a version %d with sha256 %s, the one published has %s",
          pointed.name(),
          pointed.version(),
          pointed.sha256(),
          known);
    }
    // The epoch must rise: whatever else came later is not followed, here or in a job.
    pointers.merge(
        pointed.name(), pointed, (old, now) -> now.swapEpoch() > old.swapEpoch() ? now : old);
  }

  private static void require(boolean holds, String otherwise, Object... arguments)
      throws BadModelException {
    if (!holds) {
      throw new BadModelException(otherwise.formatted(arguments));
    }
  }

  private void seen(String name, int version) {
    highest.merge(name, version, Math::max);
  }

  /** The hash that a version was first said to have. */
  private String known(String name, int version, String sha256) {
    Map<Integer, String> known = hashes.computeIfAbsent(name, n -> new HashMap<>());
    return known.computeIfAbsent(version, v -> sha256);
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

  /** The live model of a pipeline, with the pointer's swap epoch; empty if there is none. */
  Optional<ModelRef> live(String name) {
    ModelRecord.Pointed pointer = pointers.get(name);
    if (pointer == null) {
      return Optional.empty();
    }
    return Optional.ofNullable(of(name).get(pointer.version()))
        .map(version -> version.ref().withEpoch(pointer.swapEpoch()));
  }

  /** The highest version ever seen; 0 if there was none. */
  int highest(String name) {
    return highest.getOrDefault(name, 0);
  }

  /** The swap epoch that the next change of a pipeline's pointer gets. */
  long nextEpoch(String name) {
    ModelRecord.Pointed pointer = pointers.get(name);
    return pointer == null ? 1 : pointer.swapEpoch() + 1;
  }

  /** The versions to roll back to that are still there, the latest first. */
  List<Integer> previous(String name) {
    ModelRecord.Pointed pointer = pointers.get(name);
    if (pointer == null) {
      return List.of();
    }
    return pointer.previous().stream()
        .filter(version -> version != pointer.version() && of(name).containsKey(version))
        .toList();
  }

  /** The pointer that makes a version live: what was live is the first to roll back to. */
  ModelRecord.Pointed promotion(String name, int version, long swapEpoch, String sha256) {
    List<Integer> previous = new ArrayList<>(previous(name));
    live(name).map(ModelRef::version).ifPresent(live -> previous.add(0, live));
    previous.removeIf(other -> other == version);
    return new ModelRecord.Pointed(
        name,
        version,
        swapEpoch,
        sha256,
        previous.subList(0, Math.min(previous.size(), ModelRecords.MAX_PREVIOUS)));
  }

  /** The pointer that goes back to the version before the live one; null if there is none. */
  ModelRecord.Pointed rollback(String name) {
    List<Integer> previous = previous(name);
    if (previous.isEmpty()) {
      return null;
    }
    int version = previous.get(0);
    return new ModelRecord.Pointed(
        name,
        version,
        nextEpoch(name),
        of(name).get(version).ref().sha256(),
        previous.subList(1, previous.size()));
  }
}
