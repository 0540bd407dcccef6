package dev.eddy.jobs.io;

import dev.eddy.jobs.config.PipelineConfig.Source;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;

/**
 * Reads the columns that a source names from a Parquet file, row by row, a page of each column in
 * memory at a time. Columns stand at the top level and hold one value in a row; a null is a missing
 * reading.
 *
 * @see <a href="https://parquet.apache.org/docs/file-format/">the format</a>
 */
final class ParquetFile {
  static final byte[] MAGIC = {'P', 'A', 'R', '1'};
  private static final byte[] ENCRYPTED = {'P', 'A', 'R', 'E'};
  private static final int TAIL = 8;
  private static final int MAX_FOOTER = 64 << 20;

  private final Source source;
  private final Path path;
  private final FileSystem files;
  private final FileRows rows;

  private ParquetFile(Source source, Path path, FileRows rows) throws IOException {
    this.source = source;
    this.path = path;
    this.files = path.getFileSystem();
    this.rows = rows;
  }

  /** A column of the file: its place among the leaves of the schema, and what it holds. */
  private record Leaf(int index, SchemaElement element) {}

  /**
   * Reads a whole file.
   *
   * @throws BadFileException if it is no such file, or damaged
   */
  static void read(Source source, Path path, FileRows rows) throws IOException {
    ParquetFile file = new ParquetFile(source, path, rows);
    FileMetaData footer = file.footer();
    List<Leaf> leaves = file.leaves(footer.getSchema());
    List<String> names = leaves.stream().map(leaf -> leaf.element().getName()).toList();
    FileColumns columns = FileColumns.of(source, path, names);
    for (RowGroup group : footer.getRow_groups()) {
      file.read(group, leaves, columns);
    }
  }

  private FileMetaData footer() throws IOException {
    long length = files.getFileStatus(path).getLen();
    try (FSDataInputStream in = files.open(path)) {
      byte[] head = in.readNBytes(MAGIC.length);
      if (length < MAGIC.length + TAIL || !Arrays.equals(head, MAGIC)) {
        throw new BadFileException(
            path,
            Arrays.equals(head, ENCRYPTED)
                ? "is encrypted, which is not read"
                : "is no Parquet file; is source.format (parquet) right?");
      }
      in.seek(length - TAIL);
      byte[] tail = in.readNBytes(TAIL);
      int size =
          tail.length < TAIL ? -1 : ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt();
      if (size <= 0
          || size > Math.min(MAX_FOOTER, length - TAIL - MAGIC.length)
          || !Arrays.equals(tail, TAIL - MAGIC.length, TAIL, MAGIC, 0, MAGIC.length)) {
        throw new BadFileException(path, "is cut off, or was not finished: it has no footer");
      }
      in.seek(length - TAIL - size);
      return parse(in.readNBytes(size));
    }
  }

  private FileMetaData parse(byte[] footer) throws IOException {
    try {
      return Util.readFileMetaData(new ByteArrayInputStream(footer));
    } catch (IOException | RuntimeException e) {
      throw new BadFileException(path, "is damaged: its footer cannot be read (%s)".formatted(e));
    }
  }

  /** The columns at the top level that hold one value in a row. */
  private List<Leaf> leaves(List<SchemaElement> schema) throws BadFileException {
    List<Leaf> found = new ArrayList<>();
    int at = 1; // after the root
    int leaf = 0;
    try {
      while (at < schema.size()) {
        SchemaElement element = schema.get(at);
        if (element.isSetType()) {
          if (element.getRepetition_type() != FieldRepetitionType.REPEATED) {
            found.add(new Leaf(leaf, element));
          }
          leaf++;
          at++;
        } else {
          // A group: over all that is within it.
          for (int open = 1; open > 0; open--, at++) {
            open += schema.get(at).getNum_children();
            leaf += schema.get(at).isSetType() ? 1 : 0;
          }
        }
      }
    } catch (IndexOutOfBoundsException e) {
      throw new BadFileException(path, "is damaged: its schema has an end too early");
    }
    return found;
  }

  private void read(RowGroup group, List<Leaf> leaves, FileColumns columns) throws IOException {
    List<ParquetColumn> open = new ArrayList<>();
    try {
      ParquetColumn time = open(open, group, leaves.get(columns.time()));
      ParquetColumn.Times times = time.times(source.time());
      ParquetColumn entity =
          columns.entity() < 0 ? null : open(open, group, leaves.get(columns.entity()));
      ParquetColumn.Texts names = entity == null ? null : entity.texts();
      List<ParquetColumn.Numbers> values = new ArrayList<>();
      for (int index : columns.values()) {
        values.add(open(open, group, leaves.get(index)).numbers());
      }
      for (long row = 0; row < group.getNum_rows(); row++) {
        rows.begin(row + 1, null);
        row(times, names, values, columns.names());
        for (ParquetColumn column : open) {
          column.next();
        }
      }
    } finally {
      for (ParquetColumn column : open) {
        column.close();
      }
    }
  }

  private ParquetColumn open(List<ParquetColumn> open, RowGroup group, Leaf leaf)
      throws IOException {
    if (leaf.index() >= group.getColumnsSize()) {
      throw new BadFileException(path, "is damaged: a row group lacks columns");
    }
    ParquetColumn column =
        new ParquetColumn(
            path, files.open(path), group.getColumns().get(leaf.index()), leaf.element());
    open.add(column);
    column.start(group.getNum_rows());
    return column;
  }

  private void row(
      ParquetColumn.Times times,
      ParquetColumn.Texts names,
      List<ParquetColumn.Numbers> values,
      List<String> columns)
      throws IOException {
    EventFields fields = rows.fields();
    try {
      fields.time(times.read());
    } catch (BadRecordException e) {
      rows.bad(e);
      return;
    }
    for (int i = 0; i < values.size(); i++) {
      try {
        fields.entity(names == null ? columns.get(i) : names.read());
        double value = values.get(i).read();
        if (Double.isNaN(value)) {
          fields.missingValue();
        } else {
          fields.value(value);
        }
      } catch (BadRecordException e) {
        rows.bad(e);
        continue;
      }
      rows.event();
    }
  }
}
