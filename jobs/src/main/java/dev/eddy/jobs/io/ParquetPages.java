package dev.eddy.jobs.io;

import com.github.luben.zstd.Zstd;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.Path;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;
import org.xerial.snappy.Snappy;

/** The pages of one column of a row group, unpacked one by one. */
final class ParquetPages implements PageReader {
  /** A page is held in memory; writers make them of 1 MiB or so. */
  private static final int MAX_PAGE = 256 << 20;

  private final Path file;
  private final ColumnMetaData column;
  private final InputStream in;
  private PageHeader next; // read but not yet taken
  private long values;

  ParquetPages(Path file, FSDataInputStream in, ColumnMetaData column) throws IOException {
    this.file = file;
    this.column = column;
    switch (column.getCodec()) {
      case UNCOMPRESSED, SNAPPY, GZIP, ZSTD -> {}
      default ->
          throw new BadFileException(
              file,
              "is compressed with %s; write it with SNAPPY, GZIP, ZSTD or uncompressed"
                  .formatted(column.getCodec()));
    }
    long dictionary = column.getDictionary_page_offset();
    long data = column.getData_page_offset();
    long start = dictionary > 0 && dictionary < data ? dictionary : data;
    if (start < 0) {
      throw new BadFileException(file, "is damaged: a column begins at " + start);
    }
    in.seek(start);
    this.in = new BufferedInputStream(in, 1 << 16);
  }

  @Override
  public long getTotalValueCount() {
    return column.getNum_values();
  }

  @Override
  public DictionaryPage readDictionaryPage() {
    try {
      PageHeader header = header();
      if (header.getType() != PageType.DICTIONARY_PAGE) {
        next = header;
        return null;
      }
      int count = header.getDictionary_page_header().getNum_values();
      if (count < 0 || count > header.getUncompressed_page_size()) {
        throw new BadFileException(file, "is damaged: more values in a dictionary than bytes");
      }
      return new DictionaryPage(
          BytesInput.from(unpack(body(header), header.getUncompressed_page_size())),
          count,
          encoding(header.getDictionary_page_header().getEncoding()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public DataPage readPage() {
    try {
      while (values < column.getNum_values()) {
        PageHeader header = next == null ? header() : next;
        next = null;
        byte[] body = body(header);
        if (header.getType() == PageType.DATA_PAGE) {
          return v1(header, body);
        }
        if (header.getType() == PageType.DATA_PAGE_V2) {
          return v2(header, body);
        }
      }
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private PageHeader header() throws IOException {
    PageHeader header;
    try {
      header = Util.readPageHeader(in);
    } catch (IOException | RuntimeException e) {
      throw ofFileSystem(e)
          .orElseGet(
              () -> new BadFileException(file, "is damaged: no page header (%s)".formatted(e)));
    }
    for (int size :
        new int[] {header.getCompressed_page_size(), header.getUncompressed_page_size()}) {
      if (size < 0 || size > MAX_PAGE) {
        throw new BadFileException(
            file, "has a page of %d bytes, at most %d are read".formatted(size, MAX_PAGE));
      }
    }
    return header;
  }

  /** What the file system threw within the parser's own exception, if it was that. */
  private static Optional<IOException> ofFileSystem(Exception e) {
    Throwable parser = e.getCause();
    return parser != null && parser.getCause() instanceof IOException cause
        ? Optional.of(cause)
        : Optional.empty();
  }

  private byte[] body(PageHeader header) throws IOException {
    byte[] body = in.readNBytes(header.getCompressed_page_size());
    if (body.length < header.getCompressed_page_size()) {
      throw new BadFileException(file, "is cut off within a page");
    }
    if (header.isSetCrc()) {
      CRC32 crc = new CRC32();
      crc.update(body);
      if ((int) crc.getValue() != header.getCrc()) {
        throw new BadFileException(file, "is damaged: the checksum of a page is wrong");
      }
    }
    return body;
  }

  private DataPage v1(PageHeader header, byte[] body) throws IOException {
    DataPageHeader page = header.getData_page_header();
    values += page.getNum_values();
    int size = header.getUncompressed_page_size();
    return new DataPageV1(
        BytesInput.from(unpack(body, size)),
        page.getNum_values(),
        size,
        null,
        encoding(page.getRepetition_level_encoding()),
        encoding(page.getDefinition_level_encoding()),
        encoding(page.getEncoding()));
  }

  private DataPage v2(PageHeader header, byte[] body) throws IOException {
    DataPageHeaderV2 page = header.getData_page_header_v2();
    values += page.getNum_values();
    int repetition = page.getRepetition_levels_byte_length();
    int levels = repetition + page.getDefinition_levels_byte_length();
    if (repetition < 0 || levels < repetition || levels > body.length) {
      throw new BadFileException(file, "is damaged: the levels of a page are longer than it");
    }
    byte[] data = Arrays.copyOfRange(body, levels, body.length);
    return DataPageV2.uncompressed(
        page.getNum_rows(),
        page.getNum_nulls(),
        page.getNum_values(),
        BytesInput.from(body, 0, repetition),
        BytesInput.from(body, repetition, levels - repetition),
        encoding(page.getEncoding()),
        BytesInput.from(
            page.isIs_compressed()
                ? unpack(data, header.getUncompressed_page_size() - levels)
                : data),
        null);
  }

  private static Encoding encoding(org.apache.parquet.format.Encoding encoding) {
    return Encoding.valueOf(encoding.name());
  }

  private byte[] unpack(byte[] packed, int size) throws IOException {
    if (column.getCodec() == CompressionCodec.UNCOMPRESSED || (size == 0 && packed.length == 0)) {
      return packed;
    }
    byte[] unpacked = null;
    try {
      unpacked =
          switch (column.getCodec()) {
            case SNAPPY -> snappy(packed, size);
            case GZIP -> gzip(packed, size);
            default -> zstd(packed, size);
          };
    } catch (IOException | RuntimeException e) {
      // Said below: there is no file here, so that these are the decoders' own words for damage.
    }
    if (unpacked == null || unpacked.length != size) {
      throw new BadFileException(
          file, "is damaged: a page does not unpack to its %d bytes".formatted(size));
    }
    return unpacked;
  }

  private static byte[] snappy(byte[] packed, int size) throws IOException {
    return Snappy.uncompressedLength(packed) == size ? Snappy.uncompress(packed) : null;
  }

  private static byte[] gzip(byte[] packed, int size) throws IOException {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      byte[] unpacked = in.readNBytes(size);
      return in.read() < 0 ? unpacked : null;
    }
  }

  private static byte[] zstd(byte[] packed, int size) {
    byte[] unpacked = new byte[size];
    return Zstd.decompress(unpacked, packed) == size ? unpacked : null;
  }
}
