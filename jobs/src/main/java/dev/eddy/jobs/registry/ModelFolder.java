package dev.eddy.jobs.registry;

import dev.eddy.jobs.config.PipelineConfig.Models;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * Model files too large for the topic, through Flink's file systems: written under the configured
 * store as {@code <store>/<name>/<sha256>.eddy}, read from under the allowed folders only. What a
 * manifest says is not trusted: a URI is taken apart, and what was compared is what is opened.
 */
final class ModelFolder {
  private final Models models;

  ModelFolder(Models models) {
    this.models = models;
  }

  /** Whether files can be written. */
  boolean writable() {
    return models.store() != null;
  }

  /**
   * Writes a file where nobody sees half of it. One that is there already is left alone: its name
   * is its hash.
   *
   * @return its URI
   * @throws RegistryException if it cannot be written, or what is there is damaged
   */
  String write(String name, String sha256, byte[] file) {
    Place store = place(models.store());
    Place target = store.child(name).child(sha256 + ".eddy");
    try {
      FileSystem files = target.path().getFileSystem();
      if (!files.exists(target.path())) {
        put(
            files,
            store.child(name).child(sha256 + "." + UUID.randomUUID() + ".tmp"),
            target,
            file);
      }
      // Whoever wrote it: only what can be read again is published.
      read(target, sha256, file.length);
    } catch (IOException e) {
      throw new RegistryException(
          "cannot write the model of '%s' to %s: %s (models.store)"
              .formatted(name, target, reason(e)),
          e);
    } catch (BadModelException e) {
      throw new RegistryException(
          "%s is damaged: %s; delete it".formatted(target, e.getMessage()), e);
    }
    return target.toString();
  }

  private static void put(FileSystem files, Place temporary, Place target, byte[] file)
      throws IOException {
    files.mkdirs(target.path().getParent());
    try {
      try (FSDataOutputStream out =
          files.create(temporary.path(), FileSystem.WriteMode.NO_OVERWRITE)) {
        out.write(file);
      }
      // Somebody else may have been faster, with the same bytes.
      if (!files.rename(temporary.path(), target.path()) && !files.exists(target.path())) {
        throw new IOException("it cannot be renamed from " + temporary);
      }
    } finally {
      if (files.exists(temporary.path())) {
        files.delete(temporary.path(), false);
      }
    }
  }

  /**
   * The file that a manifest says, whole and checked.
   *
   * @throws BadModelException if it may not be read, is not there, or is another
   * @throws RegistryException if it cannot be read now
   */
  byte[] read(Manifest manifest, Location.File location) throws BadModelException {
    Place place = allowed(location.uri());
    try {
      return read(place, manifest.sha256(), manifest.size());
    } catch (IOException e) {
      throw new RegistryException("cannot read the model at " + place + ": " + reason(e), e);
    }
  }

  private static byte[] read(Place place, String sha256, int size)
      throws IOException, BadModelException {
    FileSystem files = place.path().getFileSystem();
    FileStatus status;
    try {
      status = files.getFileStatus(place.path());
    } catch (FileNotFoundException e) {
      throw new BadModelException("there is no file " + place, e);
    }
    // Before memory is taken for it.
    if (status.isDir() || status.getLen() != size) {
      throw new BadModelException(
          "%s has %d bytes, expected %d".formatted(place, status.getLen(), size));
    }
    byte[] file;
    try (InputStream in = files.open(place.path())) {
      file = in.readNBytes(size);
    }
    String hash = ModelRecords.sha256(file);
    if (!hash.equals(sha256)) {
      throw new BadModelException("%s has sha256 %s, expected %s".formatted(place, hash, sha256));
    }
    return file;
  }

  private Place allowed(String uri) throws BadModelException {
    Place place;
    try {
      place = place(uri);
    } catch (IllegalArgumentException e) {
      throw new BadModelException("the model's URI cannot be used: " + e.getMessage(), e);
    }
    for (String folder : models.allowed()) {
      if (place.under(place(folder))) {
        return place;
      }
    }
    throw new BadModelException(
        "the model lies at %s, which is not under an allowed folder %s (models.allowed)"
            .formatted(uri, models.allowed()));
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** Takes a URI apart; an escape is decoded once, and never again. */
  private static Place place(String text) {
    URI uri = URI.create(text);
    if (uri.getScheme() == null || uri.getPath() == null) {
      throw new IllegalArgumentException("'" + text + "' has no scheme or no path");
    }
    if (uri.getQuery() != null || uri.getFragment() != null) {
      throw new IllegalArgumentException("'" + text + "' has a query or a fragment");
    }
    List<String> elements = new ArrayList<>();
    for (String element : uri.getPath().split("/")) {
      if (element.equals(".") || element.equals("..")) {
        throw new IllegalArgumentException("'" + text + "' has an element '" + element + "'");
      }
      if (element.chars().anyMatch(c -> c == '\\' || Character.isISOControl(c))) {
        throw new IllegalArgumentException("'" + text + "' has a character that no path needs");
      }
      if (!element.isEmpty()) {
        elements.add(element);
      }
    }
    return new Place(uri.getScheme().toLowerCase(Locale.ROOT), uri.getAuthority(), elements);
  }

  /** A URI taken apart. The authority may be null; elements are decoded, none is empty. */
  private record Place(String scheme, String authority, List<String> elements) {

    boolean under(Place folder) {
      return scheme.equals(folder.scheme)
          && Objects.equals(authority, folder.authority)
          && elements.size() > folder.elements.size()
          && elements.subList(0, folder.elements.size()).equals(folder.elements);
    }

    Place child(String name) {
      List<String> longer = new ArrayList<>(elements);
      longer.add(name);
      return new Place(scheme, authority, longer);
    }

    Path path() {
      return new Path(scheme, authority, "/" + String.join("/", elements));
    }

    @Override
    public String toString() {
      return path().toUri().toString();
    }
  }
}
