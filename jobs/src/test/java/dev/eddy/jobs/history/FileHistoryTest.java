package dev.eddy.jobs.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.jobs.config.ConfigLoader;
import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.model.data.RawSeries;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Histories in CSV and JSON lines on a local disk, good and bad. */
class FileHistoryTest {
  @TempDir Path folder;

  private PipelineConfig config(String source, String... more) {
    String yaml = "name: load\nnetwork: []\n" + (source.contains("melt") ? "" : "target: kwh\n");
    String place = source.contains("file:") ? "" : "file: '%s', ".formatted(folder);
    return ConfigLoader.parse(yaml + "source: {" + place + source + "}\n", more);
  }

  /** Meters in a column, times in seconds. */
  private PipelineConfig meters(String... more) {
    return config("entity: meter, time: {field: ts, format: epoch-seconds}", more);
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static LoadedHistory load(PipelineConfig config) {
    return History.load(config, History.resolve(config));
  }

  private static List<String> readings(LoadedHistory history) {
    List<String> all = new ArrayList<>();
    for (RawSeries one : history.series()) {
      for (int t = 0; t < one.length(); t++) {
        all.add("%s@%d=%s".formatted(one.entity(), one.time(t) / 1000, one.value(t)));
      }
    }
    return all;
  }

  @Test
  void anEntityMayLieInSeveralFilesSortedByName() throws IOException {
    write("b/part-2.csv", "meter,ts,kwh\nm,3,3\nn,3,30\n");
    write("part-9.csv", "ts,meter,other,kwh\n4,m,x,4\n2,m,x,-1\n");
    write("a/part-7.csv", "meter,ts,kwh\nm,1,1\nm,2,\n");
    write("_SUCCESS", "not a file of rows");
    write(".part-3.csv.crc", "nor this");
    write("empty.csv", "");
    LoadedHistory history = load(meters());
    assertThat(readings(history))
        .containsExactly("m@1=1.0", "m@2=NaN", "m@3=3.0", "m@4=4.0", "n@3=30.0");
    assertThat(history.records()).isEqualTo(6);
    assertThat(history.late()).as("the reading of 2 after that of 4").isEqualTo(1);
    assertThat(readings(load(meters("serving.ordering.max-delay=10s"))))
        .as("stragglers are waited for across files")
        .contains("m@2=NaN", "m@2=-1.0");
  }

  @Test
  void globsAndListsNameFiles() throws IOException {
    write("2025/x.csv", "meter,ts,kwh\nm,1,1\n");
    write("2026/x.csv", "meter,ts,kwh\nm,2,2\n");
    write("2026/y.txt", "meter,ts,kwh\nm,3,3\n");
    write("odd[1].csv", "meter,ts,kwh\nm,4,4\n");
    assertThat(paths("file: '%s/20*/*.csv'")).containsExactly("2025/x.csv", "2026/x.csv");
    assertThat(paths("file: '%s/{2024,2026}/?.*'")).containsExactly("2026/x.csv", "2026/y.txt");
    assertThat(paths("file: ['%1$s/odd[1].csv', 'file://%1$s/2026', '%1$s/2026/x.csv']"))
        .containsExactly("2026/x.csv", "2026/y.txt", "odd[1].csv");
  }

  private List<String> paths(String files) {
    PipelineConfig config =
        config(
            files.formatted(folder) + ", entity: meter, time: {field: ts, format: epoch-seconds}");
    HistoryRange.Files range = (HistoryRange.Files) History.resolve(config);
    return range.files().stream()
        .map(file -> file.path().substring(("file:" + folder + "/").length()))
        .toList();
  }

  @Test
  void csvOfEveryKindSaysTheSame() throws IOException {
    String text = "meter,ts,kwh\n\"a, \"\"b\"\"\",5,1.5\n\nc,6,NA\nc,7,NaN\n";
    List<String> expected = List.of("a, \"b\"@5=1.5", "c@6=NaN", "c@7=NaN");
    write("plain.csv", text);
    assertThat(readings(load(meters()))).isEqualTo(expected);
    write("plain.csv", "\uFEFF" + text.replace("\n", "\r\n"));
    assertThat(readings(load(meters()))).as("byte order mark, Windows").isEqualTo(expected);
    write("plain.csv", text.substring(0, text.length() - 1));
    assertThat(readings(load(meters()))).as("last line without an end").isEqualTo(expected);
    // Several members in one file, as by cat a.gz b.gz.
    try (OutputStream out = Files.newOutputStream(folder.resolve("plain.csv"))) {
      for (String part : text.split("(?<=\n)")) {
        GZIPOutputStream gzip = new GZIPOutputStream(out);
        gzip.write(part.getBytes(StandardCharsets.UTF_8));
        gzip.finish();
      }
    }
    assertThat(readings(load(meters()))).as("gzip by its content").isEqualTo(expected);
  }

  @Test
  void columnsAreMelted() throws IOException {
    write(
        "wide.csv", "date,a,b\n1970-01-01 00:00:01,1.5,\n1970-01-01T00:00:02Z,x,-2e3\nwhen,1,2\n");
    LoadedHistory history = load(config("melt: [b, a], time: {field: date, format: iso}"));
    assertThat(readings(history)).containsExactly("a@1=1.5", "b@1=NaN", "b@2=-2000.0");
    assertThat(history.bad()).as("x, and a row without a time").isEqualTo(2);
  }

  @Test
  void jsonLinesAreReadAsRecordsAre() throws IOException {
    write(
        "rows.jsonl",
        """
        {"meter":"m","ts":1,"kwh":1,"more":{"x":[1]}}

        {"ts":2,"kwh":null,"meter":"m"}
        {"meter":"m","ts":3,"kwh":NaN}
        {"meter":"m","ts":4,"kwh":4}\r
        """);
    LoadedHistory history =
        load(
            config(
                "file: '%s/*.jsonl', entity: meter, time: {field: ts, format: epoch-seconds}"
                    .formatted(folder)));
    assertThat(readings(history)).containsExactly("m@1=1.0", "m@2=NaN", "m@4=4.0");
    assertThat(history.bad()).isEqualTo(1);
  }

  @Test
  void badRowsAreCounted() throws IOException {
    write(
        "some.csv",
        "meter,ts,kwh\nm,1,1\n,1,1\nm,1\nm,2,Infinity\nm,yesterday,3\nm,3,1e31\nm,4,\"4\nm,5,"
            + " ".repeat(2000)
            + "5\nm,6,6\nm,7,7\nm,8,8\nm,9,9\nm,10,10\nm,11,11\nm,12,12\n");
    LoadedHistory history = load(meters("source.max-bytes=1000"));
    assertThat(history.records()).isEqualTo(15);
    assertThat(history.bad()).isEqualTo(7);
    assertThat(readings(history)).hasSize(8).contains("m@1=1.0", "m@12=12.0");
  }

  @Test
  void aFileThatIsNotWhatTheConfigurationSaysEndsTheRun() throws IOException {
    refused("when,name,kwh\n1,m,2\n", "no column 'meter', 'ts', only 'when', 'name', 'kwh'");
    refused("meter,ts,kwh,ts\nm,1,2,1\n", "two columns 'ts'");
    refused("{\"meter\":\"m\",\"ts\":1,\"kwh\":2}\n", "no CSV, its first line");
    refused(
        "meter,ts,kwh\nm,a,1\nm,b,1\nm,3,1\n",
        "2 of 3 readings are bad; the first: row 2: 'a' is not a time",
        "in 'm,a,1'");
    refused("PAR1....", "is a Parquet file; set source.format to parquet");
    refused("x".repeat(2000), "its first line has 2000 bytes, source.max-bytes allows 1000");
    Files.write(folder.resolve("x"), "meter,ts,kwh\n".getBytes(StandardCharsets.UTF_16));
    refused(null, "is UTF-16");
    byte[] cut = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3};
    Files.write(folder.resolve("x"), cut);
    refused(null, "is damaged or cut off");
    write("x", "meter,ts,kwh\nm,1,1\n");
    assertThatThrownBy(() -> load(meters("source.format=json")))
        .isInstanceOf(UnusableHistoryException.class)
        .hasMessageContaining("2 of 2 readings are bad; the first: row 1: ")
        .hasMessageContaining("source.format (json)");
  }

  private void refused(String text, String... messages) throws IOException {
    if (text != null) {
      write("x", text);
    }
    var thrown =
        assertThatThrownBy(() -> load(meters("source.max-bytes=1000")))
            .isInstanceOf(UnusableHistoryException.class)
            .hasMessageContaining(folder.resolve("x").toString());
    for (String message : messages) {
      thrown.hasMessageContaining(message);
    }
  }

  @Test
  void nothingToReadIsSaid() throws IOException {
    assertThatThrownBy(() -> History.resolve(meters()))
        .isInstanceOf(UnusableHistoryException.class)
        .hasMessageContaining("has no file, or only empty ones");
    write("a.csv", "");
    assertThatThrownBy(() -> History.resolve(meters())).hasMessageContaining("only empty ones");
    for (String gone : List.of("/none.csv", "/*.json", "/no/*.csv")) {
      assertThatThrownBy(() -> History.resolve(config("file: '%s%s'".formatted(folder, gone))))
          .isInstanceOf(UnusableHistoryException.class)
          .hasMessageContaining("there is no file '" + folder + gone);
    }
    assertThatThrownBy(() -> History.resolve(config("file: 'nofs://bucket/x.csv'")))
        .isInstanceOf(UnusableHistoryException.class)
        .hasMessageContaining("no file system for 'nofs://bucket/x.csv'");
    assertThatThrownBy(() -> History.resolve(config("file: '%s/[.csv'".formatted(folder))))
        .isInstanceOf(UnusableHistoryException.class)
        .hasMessageContaining("no glob");
    write("a.csv", "meter,ts,kwh\n");
    assertThatThrownBy(() -> load(meters()))
        .isInstanceOf(UnusableHistoryException.class)
        .hasMessageContaining("no reading");
    write("a.csv", "meter,ts,kwh\nm,1,1\n");
    assertThatThrownBy(() -> load(meters("training.start=2026-01-01T00:00:00Z")))
        .isInstanceOf(UnusableHistoryException.class)
        .hasMessageContaining("1 outside training.start and end");
  }

  @Test
  void whatChangesUnderARunEndsIt() throws IOException {
    Path file = write("a.csv", "meter,ts,kwh\nm,1,1\n");
    HistoryRange range = History.resolve(meters());
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
    assertThatThrownBy(() -> History.load(meters(), range))
        .isInstanceOf(UnusableHistoryException.class)
        .hasMessageContaining("has changed since this run began");
    Files.delete(file);
    assertThatThrownBy(() -> History.load(meters(), range))
        .isInstanceOf(UnusableHistoryException.class)
        .hasMessageContaining("was there when this run began");
  }

  @Test
  void namesThatWouldNotFitIntoAMessageAreRefused() throws IOException {
    FileHistory.requireSmall(files(9_000, 40));
    assertThatThrownBy(() -> FileHistory.requireSmall(files(9_000, 100)))
        .isInstanceOf(UnusableHistoryException.class)
        .hasMessageContaining("the names of 9,000 files take");
  }

  private static HistoryRange.Files files(int count, int length) {
    return new HistoryRange.Files(
        IntStream.range(0, count)
            .mapToObj(i -> new HistoryRange.FilePart(i + "-" + "x".repeat(length), 1, 1))
            .toList());
  }

  @Test
  void rangesSurviveTheirBytes() throws IOException {
    for (HistoryRange range :
        List.of(
            new HistoryRange.Topic("t", List.of(new HistoryRange.Part(3, 5, 7))),
            new HistoryRange.Files(
                List.of(
                    new HistoryRange.FilePart("s3://b/x/part-1", 5, 6),
                    new HistoryRange.FilePart("s3://b/x/part-10", 7, 8),
                    new HistoryRange.FilePart("z", 9, 0))))) {
      DataOutputSerializer out = new DataOutputSerializer(16);
      range.write(out);
      assertThat(HistoryRange.read(new DataInputDeserializer(out.getCopyOfBuffer())))
          .isEqualTo(range);
    }
    assertThatThrownBy(() -> HistoryRange.read(new DataInputDeserializer(new byte[] {9, 0})))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("kind 9");
  }
}
