package dev.eddy.benchmarks.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProbeTest {
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  private Probe probe(String answers) {
    return new Probe(
        new BufferedReader(new StringReader(answers)),
        new PrintStream(said, true, StandardCharsets.US_ASCII));
  }

  @Test
  void measuresWhatHappensBetween() throws Exception {
    Probe probe = probe("go\n");
    probe.begin(40);
    byte[] bytes = new byte[100_000];
    probe.end(43);

    String[] lines = said.toString(StandardCharsets.US_ASCII).split("\\R");
    assertThat(lines[0]).isEqualTo(Probe.READY);
    Sample sample = Sample.parse(lines[1]);
    assertThat(sample.operations()).isEqualTo(3);
    assertThat(sample.cpu()).isPositive();
    assertThat(sample.wall()).isPositive();
    assertThat(sample.allocated()).isBetween((long) bytes.length, 2L * bytes.length);
  }

  @Test
  void endsWithItsDriver() {
    assertThatThrownBy(() -> probe("").begin(0)).hasMessageContaining("driver is gone");
  }

  @Test
  void aloneItNeitherWaitsNorSpeaks() throws Exception {
    Probe probe = Probe.standard();
    probe.begin(0);
    probe.end(1);
    assertThat(said.size()).isZero();
  }

  @Test
  void figuresOfASample() {
    Sample sample = Sample.parse("@done 4 400 800 1200 16");
    assertThat(sample.cpuPerOperation()).isEqualTo(100);
    assertThat(sample.processCpuPerOperation()).isEqualTo(200);
    assertThat(sample.wallPerOperation()).isEqualTo(300);
    assertThat(sample.allocatedPerOperation()).isEqualTo(4);
    assertThatThrownBy(() -> Sample.parse("@done 4")).hasMessageContaining("not a sample");
  }
}
