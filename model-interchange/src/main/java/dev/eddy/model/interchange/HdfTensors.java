package dev.eddy.model.interchange;

import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.object.message.DataLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Tensors and strings in an HDF5 file. Input is not trusted: links are not followed, sizes are
 * checked against the bytes of the file, and whatever the reading library throws becomes a refusal.
 */
final class HdfTensors implements AutoCloseable {
  private static final Set<DataLayout> PLAIN = Set.of(DataLayout.CONTIGUOUS, DataLayout.COMPACT);

  private static final int MAX_TEXT = 4 << 20;

  private final int length;
  private final HdfFile file;

  /** Opens the bytes of a file. Not modified. */
  HdfTensors(byte[] bytes) {
    this.length = bytes.length;
    this.file = guarded(() -> HdfFile.fromBytes(bytes));
  }

  private static <T> T guarded(Supplier<T> work) {
    try {
      return work.get();
    } catch (InterchangeException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      throw new InterchangeException("not an HDF5 file, or damaged: " + e.getMessage(), e);
    }
  }

  /** Names inside a group, as the file orders them; none if there is no such group. */
  List<String> children(String path) {
    return guarded(
        () ->
            node(path) instanceof Group group
                ? List.copyOf(group.getChildren().keySet())
                : List.of());
  }

  /** A group or dataset; null if there is none. */
  private Node node(String path) {
    Node node = file;
    for (String name : path.split("/", -1)) {
      if (name.isEmpty()) {
        continue;
      }
      if (!(node instanceof Group group)) {
        return null;
      }
      node = group.getChild(name);
      if (node == null) {
        return null;
      }
      if (node.isLink()) {
        throw new InterchangeException("'%s' is a link to another place".formatted(path));
      }
    }
    return node;
  }

  /** Whether there is a group or dataset. */
  boolean has(String path) {
    return guarded(() -> node(path) != null);
  }

  /** A dataset of floating-point numbers, as float32. */
  Tensor tensor(String path) {
    return guarded(
        () -> {
          if (!(node(path) instanceof Dataset dataset)) {
            throw new InterchangeException("the file lacks '%s'".formatted(path));
          }
          List<Integer> shape = shape(path, dataset);
          return new Tensor(path, shape, floats(path, dataset.getDataFlat()));
        });
  }

  private List<Integer> shape(String path, Dataset dataset) {
    if (!PLAIN.contains(dataset.getDataLayout())) {
      throw new InterchangeException(
          "'%s' is stored %s: save it without compression"
              .formatted(path, dataset.getDataLayout()));
    }
    List<Integer> shape = new ArrayList<>();
    long count = 1;
    for (long size : dataset.getDimensionsAsLong()) {
      if (size < 1 || size > length || count * size > length) {
        throw new InterchangeException("'%s' is larger than the file".formatted(path));
      }
      count *= size;
      shape.add((int) size);
    }
    return shape;
  }

  private static float[] floats(String path, Object data) {
    float[] values;
    if (data instanceof float[] floats) {
      values = floats;
    } else if (data instanceof double[] doubles) {
      values = new float[doubles.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) doubles[i];
      }
    } else {
      throw new InterchangeException("'%s' should hold floating-point numbers".formatted(path));
    }
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new InterchangeException("'%s' holds %s as a float32".formatted(path, value));
      }
    }
    return values;
  }

  /** An attribute of one string; null if there is none. */
  String text(String path, String attribute) {
    List<String> strings = texts(path, attribute);
    return strings == null || strings.isEmpty() ? null : strings.get(0);
  }

  /** An attribute of strings; null if there is none. */
  List<String> texts(String path, String name) {
    return guarded(
        () -> {
          Node node = node(path);
          Attribute attribute = node == null ? null : node.getAttribute(name);
          if (attribute == null) {
            return null;
          }
          if (attribute.getSize() > MAX_TEXT || attribute.getSizeInBytes() > length) {
            throw new InterchangeException(
                "attribute '%s' of '%s' is larger than the file".formatted(name, path));
          }
          return strings(attribute.isEmpty() ? new String[0] : attribute.getData());
        });
  }

  private static List<String> strings(Object data) {
    if (data instanceof String text) {
      return List.of(text);
    }
    return data instanceof String[] texts ? List.of(texts) : List.of();
  }

  @Override
  public void close() {
    file.close();
  }
}
