package dev.eddy.jobs.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;

/** Writes the simplest Parquet there is: one row group, one plain page of each column. */
public final class TestParquet {
  private TestParquet() {}

  /**
   * A column.
   *
   * @param element name and type; every value may be null
   * @param values {@link Integer}, {@link Long}, {@link Float}, {@link Double}, {@link String},
   *     {@code byte[]} or null, as the type wants
   */
  public record Column(SchemaElement element, List<?> values) {
    /** A column without a logical type. */
    public static Column of(String name, Type type, List<?> values) {
      SchemaElement element = new SchemaElement(name);
      element.setType(type);
      return new Column(element, values);
    }
  }

  /** Writes a file. */
  public static Path write(Path file, Column... columns) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ParquetFile.MAGIC);
    int rows = columns[0].values().size();
    SchemaElement root = new SchemaElement("root");
    root.setNum_children(columns.length);
    List<SchemaElement> schema = new ArrayList<>(List.of(root));
    List<ColumnChunk> chunks = new ArrayList<>();
    for (Column column : columns) {
      column.element().setRepetition_type(FieldRepetitionType.OPTIONAL);
      schema.add(column.element());
      chunks.add(chunk(column, out));
    }
    RowGroup group = new RowGroup(chunks, out.size(), rows);
    ByteArrayOutputStream footer = new ByteArrayOutputStream();
    Util.writeFileMetaData(new FileMetaData(1, schema, rows, List.of(group)), footer);
    out.writeBytes(footer.toByteArray());
    out.writeBytes(bytes(footer.size()));
    out.writeBytes(ParquetFile.MAGIC);
    return Files.write(file, out.toByteArray());
  }

  private static ColumnChunk chunk(Column column, ByteArrayOutputStream out) throws IOException {
    int offset = out.size();
    byte[] page = page(column);
    PageHeader header = new PageHeader(PageType.DATA_PAGE, page.length, page.length);
    header.setData_page_header(
        new DataPageHeader(column.values().size(), Encoding.PLAIN, Encoding.RLE, Encoding.RLE));
    Util.writePageHeader(header, out);
    out.writeBytes(page);
    ColumnChunk chunk = new ColumnChunk(offset);
    chunk.setMeta_data(
        new ColumnMetaData(
            column.element().getType(),
            List.of(Encoding.PLAIN),
            List.of(column.element().getName()),
            CompressionCodec.UNCOMPRESSED,
            column.values().size(),
            page.length,
            page.length,
            offset));
    return chunk;
  }

  private static byte[] page(Column column) {
    ByteArrayOutputStream levels = new ByteArrayOutputStream();
    ByteArrayOutputStream values = new ByteArrayOutputStream();
    for (Object value : column.values()) {
      levels.write(2); // a run of one
      levels.write(value == null ? 0 : 1);
      if (value != null) {
        values.writeBytes(plain(value, column.element().getType()));
      }
    }
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    page.writeBytes(bytes(levels.size()));
    page.writeBytes(levels.toByteArray());
    page.writeBytes(values.toByteArray());
    return page.toByteArray();
  }

  private static byte[] plain(Object value, Type type) {
    if (value instanceof Integer number) {
      return bytes(number);
    }
    if (value instanceof Float number) {
      return bytes(Float.floatToIntBits(number));
    }
    if (value instanceof Long || value instanceof Double) {
      long bits = value instanceof Long number ? number : Double.doubleToLongBits((Double) value);
      return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(bits).array();
    }
    byte[] raw =
        value instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : (byte[]) value;
    if (type != Type.BYTE_ARRAY) {
      return raw;
    }
    byte[] all = Arrays.copyOf(bytes(raw.length), 4 + raw.length);
    System.arraycopy(raw, 0, all, 4, raw.length);
    return all;
  }

  private static byte[] bytes(int number) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array();
  }
}
