package dev.eddy.jobs.io;

import dev.eddy.jobs.config.PipelineConfig.Source;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.core.fs.Path;

/**
 * Where the columns that a source names stand among those of a file.
 *
 * @param time index of the time
 * @param entity index of the entity; -1 where columns are melted
 * @param values indices of the values: one, or one for each melted column
 * @param names of the values' columns
 */
record FileColumns(int time, int entity, List<Integer> values, List<String> names) {
  /** More names than this do not fit into a message. */
  private static final int SHOWN = 50;

  /**
   * Finds them.
   *
   * @param found names of the file's columns
   * @throws BadFileException naming those that are missing, and those that are there
   */
  static FileColumns of(Source source, Path file, List<String> found) throws BadFileException {
    boolean melted = !source.melt().isEmpty();
    List<String> names = melted ? source.melt() : List.of(source.value());
    Set<String> wanted = new LinkedHashSet<>();
    if (!melted) {
      wanted.add(source.entity());
    }
    wanted.add(source.time().field());
    wanted.addAll(names);
    List<String> missing = new ArrayList<>(wanted);
    missing.removeAll(found);
    if (!missing.isEmpty()) {
      throw new BadFileException(
          file,
          "there is no column %s, only %s; set %s to what the file has"
              .formatted(
                  quoted(missing),
                  quoted(found),
                  melted
                      ? "source.time.field and source.melt"
                      : "source.entity, source.time.field and target"));
    }
    for (String name : wanted) {
      if (found.indexOf(name) != found.lastIndexOf(name)) {
        throw new BadFileException(file, "it has two columns '%s'".formatted(name));
      }
    }
    return new FileColumns(
        found.indexOf(source.time().field()),
        melted ? -1 : found.indexOf(source.entity()),
        names.stream().map(found::indexOf).toList(),
        names);
  }

  private static String quoted(List<String> names) {
    String shown =
        String.join(", ", names.stream().limit(SHOWN).map(BadRecordException::quote).toList());
    return names.size() <= SHOWN ? shown : shown + " and %d more".formatted(names.size() - SHOWN);
  }
}
