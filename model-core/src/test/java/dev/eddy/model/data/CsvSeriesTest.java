package dev.eddy.model.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvSeriesTest {
  @TempDir Path folder;

  private static final TimeFormat ISO = TimeFormat.of("iso", "UTC");

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("data.csv"), text);
  }

  private static CsvSeries.Columns melt(String... columns) {
    return new CsvSeries.Columns("time", ISO, null, null, List.of(columns));
  }

  @Test
  void meltsColumns() throws IOException {
    Path file = file("time,a,b\n1970-01-01 00:00:01,1.5,\n\n1970-01-01T00:00:02Z,NaN,-2e3\n");
    List<RawSeries> series = CsvSeries.read(file, melt("b", "a"));
    assertThat(series).extracting(RawSeries::entity).containsExactly("b", "a");
    assertThat(series.get(0).value(0)).isNaN();
    assertThat(series.get(0).value(1)).isEqualTo(-2000);
    assertThat(series.get(1).time(1)).isEqualTo(2000);
    assertThat(series.get(1).length()).isEqualTo(2);
  }

  @Test
  void readsEntitiesQuotesAndGzip() throws IOException {
    Path file = folder.resolve("data.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      String text = "who,\"when\",\"x\"\n\"a, \"\"b\"\"\",5,1\nc,4,2\n\"a, \"\"b\"\"\",6,3\n";
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    TimeFormat seconds = TimeFormat.of("epoch-seconds", "UTC");
    List<RawSeries> series =
        CsvSeries.read(file, new CsvSeries.Columns("when", seconds, "who", "x", List.of()));
    assertThat(series).extracting(RawSeries::entity).containsExactly("a, \"b\"", "c");
    assertThat(series.get(0).time(1)).isEqualTo(6000);
  }

  @Test
  void saysWhereItIsWrong() throws IOException {
    refused(file("time,a\n1970-01-01,1\n1970-01-02,one\n"), "line 3: column 'a': 'one'");
    refused(file("time,a\n1970-01-01,Infinity\n"), "'Infinity' is not a finite number");
    refused(file("time,b\n"), "line 1: no column 'a', only [time, b]");
    refused(file("time,a\nyesterday,1\n"), "'yesterday' is not a time of format iso");
    refused(file("time,a\n1970-01-01\n"), "line 2: 1 fields, the header has 2");
    refused(file("time,a\n1970-01-02,1\n1970-01-01,1\n"), "goes back in time");
    refused(file("time,a\n\"1970-01-02,1\n"), "quote");
    refused(file(""), "empty");
  }

  private static void refused(Path file, String message) {
    assertThatThrownBy(() -> CsvSeries.read(file, melt("a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("data.csv")
        .hasMessageContaining(message);
  }
}
