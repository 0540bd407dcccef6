package dev.eddy.jobs.history;

import dev.eddy.jobs.history.HistoryRange.FilePart;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.PathMatcher;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.UnsupportedFileSystemSchemeException;

/**
 * The files that a few names mean: a file, a folder with all that is below it, or a glob ({@code
 * *}, {@code ?}, {@code [a-z]}, {@code {a,b}} within a name). What begins with a dot or an
 * underscore is left out unless it is named in full, as Hadoop and Spark do.
 */
final class FileSet {
  static final int MAX_FILES = 10_000;
  private static final int MAX_DEPTH = 16;
  private static final Pattern GLOB = Pattern.compile("[*?\\[{]");

  private final Map<String, FilePart> found = new TreeMap<>();

  private FileSet() {}

  /**
   * Finds them.
   *
   * @return files that are not empty, sorted by their whole names
   * @throws UnusableHistoryException naming what is not there
   * @throws IOException if the file system does not answer
   */
  static HistoryRange.Files of(List<String> names) throws IOException {
    FileSet set = new FileSet();
    for (String name : names) {
      set.find(name);
    }
    if (set.found.isEmpty()) {
      throw new UnusableHistoryException(
          "source.file: %s has no file, or only empty ones".formatted(String.join(", ", names)));
    }
    return new HistoryRange.Files(List.copyOf(set.found.values()));
  }

  /** How a file is now. */
  static FilePart status(String path) throws IOException {
    Path file = new Path(path);
    return part(file.getFileSystem().getFileStatus(file));
  }

  private void find(String name) throws IOException {
    Path path = new Path(name);
    FileSystem files;
    try {
      files = path.getFileSystem();
    } catch (UnsupportedFileSystemSchemeException e) {
      throw new UnusableHistoryException(
          "source.file: no file system for '%s' (%s): put Flink's plugin for %s into its plugins folder, or the plugin's jar on the class path"
              .formatted(name, path.toUri().getScheme(), path.toUri().getScheme()));
    }
    try {
      add(files, files.getFileStatus(path), 0);
    } catch (FileNotFoundException e) {
      glob(files, name, path);
    }
  }

  private void glob(FileSystem files, String name, Path path) throws IOException {
    Deque<String> below = new ArrayDeque<>();
    Path base = path;
    while (base != null && GLOB.matcher(base.getPath()).find()) {
      below.push(base.getName());
      base = base.getParent();
    }
    int before = found.size();
    if (base != null && !below.isEmpty()) {
      match(files, base, List.copyOf(below));
    }
    if (found.size() == before) {
      throw new UnusableHistoryException(
          "source.file: there is no file '%s'".formatted(name)
              + (below.isEmpty() ? "" : " that is not empty"));
    }
  }

  private void match(FileSystem files, Path folder, List<String> below) throws IOException {
    PathMatcher matcher;
    try {
      matcher = FileSystems.getDefault().getPathMatcher("glob:" + below.get(0));
    } catch (PatternSyntaxException e) {
      throw new UnusableHistoryException(
          "source.file: '%s' is no glob (%s)".formatted(below.get(0), e.getDescription()));
    }
    for (FileStatus status : list(files, folder)) {
      String name = status.getPath().getName();
      if (hidden(name) || !matcher.matches(java.nio.file.Path.of(name))) {
        continue;
      }
      if (below.size() == 1) {
        add(files, status, 0);
      } else if (status.isDir()) {
        match(files, status.getPath(), below.subList(1, below.size()));
      }
    }
  }

  private void add(FileSystem files, FileStatus status, int depth) throws IOException {
    if (!status.isDir()) {
      if (status.getLen() > 0) {
        FilePart part = part(status);
        found.put(part.path(), part);
      }
      if (found.size() > MAX_FILES) {
        throw new UnusableHistoryException(
            "source.file: more than %,d files; merge them, or name fewer".formatted(MAX_FILES));
      }
      return;
    }
    if (depth == MAX_DEPTH) {
      throw new UnusableHistoryException(
          "source.file: folders within folders more than %d deep at %s"
              .formatted(MAX_DEPTH, status.getPath()));
    }
    for (FileStatus child : list(files, status.getPath())) {
      if (!hidden(child.getPath().getName())) {
        add(files, child, depth + 1);
      }
    }
  }

  private static FileStatus[] list(FileSystem files, Path folder) throws IOException {
    try {
      FileStatus[] list = files.listStatus(folder);
      return list == null ? new FileStatus[0] : list;
    } catch (FileNotFoundException e) {
      return new FileStatus[0];
    }
  }

  private static boolean hidden(String name) {
    return name.startsWith(".") || name.startsWith("_");
  }

  private static FilePart part(FileStatus status) {
    return new FilePart(status.getPath().toString(), status.getLen(), status.getModificationTime());
  }
}
