package dev.eddy.jobs.io;

import dev.eddy.jobs.config.PipelineConfig.Source;
import org.apache.flink.core.fs.Path;

/** Parquet files: told from others by their first bytes; this version does not read them. */
final class ParquetFile {
  static final byte[] MAGIC = {'P', 'A', 'R', '1'};

  private ParquetFile() {}

  static void read(Source source, Path file, FileRows rows) throws BadFileException {
    throw new BadFileException(file, "this version reads %s only".formatted("csv and json"));
  }
}
