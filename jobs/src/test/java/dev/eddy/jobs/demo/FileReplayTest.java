package dev.eddy.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.jobs.config.PipelineConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileReplayTest {
  private static final String WIDE =
      "date,HUFL,OT\n"
          + "2016-07-01 00:00:00,5.8,30.5\n"
          + "2016-07-01 01:00:00,5.7,\n"
          + "2016-07-01 02:00:00,5.6,27.7\n"
          + "2016-07-01 03:00:00,5.1,25.0\n";

  @TempDir Path directory;

  private static PipelineConfig.Source melted() {
    return source(null, List.of("HUFL", "OT"), null, "date", "yyyy-MM-dd HH:mm:ss");
  }

  private static PipelineConfig.Source source(
      String entity, List<String> melt, String value, String time, String format) {
    return new PipelineConfig.Source(
        "t.events",
        List.of(),
        "csv",
        entity,
        melt,
        value,
        new PipelineConfig.Time(time, format, "UTC"),
        "earliest",
        0,
        1000);
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("data.csv"), text);
  }

  private static FileReplay replay(Path file, PipelineConfig.Source source, int history) {
    return new FileReplay(source.withFiles(List.of(file.toString())), history);
  }

  private static List<String> history(FileReplay replay) {
    List<String> lines = new ArrayList<>();
    for (Outgoing r = replay.nextHistory(); r != null; r = replay.nextHistory()) {
      lines.add(new String(r.payload(Outgoing.Fields.PLAIN), StandardCharsets.UTF_8));
    }
    return lines;
  }

  @Test
  void columnsBecomeEntitiesAndTheFirstRowsTheHistory() throws IOException {
    FileReplay replay = replay(file(WIDE), melted(), 2);
    assertThat(replay.entities()).containsExactly("HUFL", "OT");
    assertThat(history(replay))
        .containsExactly(
            "{\"entity\":\"HUFL\",\"time\":1467331200000,\"value\":5.8}",
            "{\"entity\":\"OT\",\"time\":1467331200000,\"value\":30.5}",
            "{\"entity\":\"HUFL\",\"time\":1467334800000,\"value\":5.7}",
            "{\"entity\":\"OT\",\"time\":1467334800000,\"value\":null}");
    assertThat(replay.liveStart()).isEqualTo(1467338400000L);
    assertThat(replay.remaining()).isEqualTo(4);
    assertThat(replay.nextLive().value()).isEqualTo(5.6);
    assertThat(replay.nextLive().value()).isEqualTo(27.7);
    assertThat(replay.nextLive().value()).isEqualTo(5.1);
    assertThat(replay.nextLive().value()).isEqualTo(25.0);
    assertThat(replay.nextLive()).isNull();
  }

  @Test
  void gzipIsReadAsPlain() throws IOException {
    Path file = directory.resolve("data.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(WIDE.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(history(replay(file, melted(), 2)))
        .isEqualTo(history(replay(file(WIDE), melted(), 2)));
  }

  @Test
  void rowsOfAnEntityColumnAreMergedByTime() throws IOException {
    Path file = file("ts,meter,kwh\n1000,b,4\n3000,b,3\n1000,a,1\n\"2000\",\"b,2\",2\n");
    FileReplay replay = replay(file, source("meter", List.of(), "kwh", "ts", "epoch-millis"), 2);
    assertThat(replay.entities()).containsExactly("b", "a", "b,2");
    assertThat(history(replay)).hasSize(3);
    assertThat(replay.nextLive().time()).isEqualTo(3000);
  }

  @Test
  void messagesNameColumnLineAndSetting() throws IOException {
    assertThatThrownBy(() -> replay(file("when,HUFL,OT\n"), melted(), 1))
        .hasMessageContaining("'date'")
        .hasMessageContaining("when");
    assertThatThrownBy(() -> replay(file(WIDE), melted(), 4))
        .hasMessageContaining("4 time stamps")
        .hasMessageContaining("demo.history");
  }
}
