package dev.eddy.model.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.kernel.PortableKernels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The choice of kernels, and their bits, in JVMs that offer more or less. */
class OtherJvmsTest {
  private static final String WITH_MODULE = "--add-modules=jdk.incubator.vector";
  private static final int EXPECTED = KernelProbe.hash(new PortableKernels());

  private record Result(int exit, String out) {}

  private static Result run(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Arrays.asList(options));
    command.addAll(
        List.of(
            "-Xmx128m", "-cp", System.getProperty("java.class.path"), KernelProbe.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), out);
  }

  @ParameterizedTest
  @CsvSource({"MaxVectorSize=64", "MaxVectorSize=32", "MaxVectorSize=16"})
  void theWidthOfVectorsDoesNotShow(String width) throws Exception {
    Result result = run(WITH_MODULE, "-XX:" + width, "-Deddy.kernels=vector");
    assertThat(result.out()).contains("vector " + EXPECTED).contains("forced by -Deddy.kernels");
    assertThat(result.exit()).isZero();
  }

  @Test
  void instructionsOfAnOlderProcessorDoNotShow() throws Exception {
    Result result = run(WITH_MODULE, "-XX:UseAVX=2", "-Deddy.kernels=vector");
    assertThat(result.out()).contains("vector " + EXPECTED);
  }

  @Test
  void anInterpreterHasTheSameBits() throws Exception {
    assertThat(run(WITH_MODULE, "-Xint").out()).contains("portable " + EXPECTED);
  }

  @Test
  void withoutTheModulePortableServesAndSaysWhy() throws Exception {
    Result result = run();
    assertThat(result.out())
        .contains("portable " + EXPECTED)
        .containsOnlyOnce("start the JVM with --add-modules jdk.incubator.vector");
    assertThat(result.exit()).isZero();
  }

  @Test
  void forcingWhatIsNotThereFails() throws Exception {
    Result result = run("-Deddy.kernels=vector");
    assertThat(result.out()).contains("-Deddy.kernels=vector is not possible: module");
    assertThat(result.exit()).isNotZero();
  }

  @Test
  void withoutTheOptimisingCompilerPortableServes() throws Exception {
    Result result = run(WITH_MODULE, "-XX:TieredStopAtLevel=1");
    assertThat(result.out()).contains("portable " + EXPECTED).contains("TieredStopAtLevel");
  }

  @Test
  void withoutHardwareFmaPortableServesSlowlyWithTheSameBits() throws Exception {
    Result result = run(WITH_MODULE, "-XX:-UseFMA");
    assertThat(result.out())
        .contains("portable " + EXPECTED)
        .contains("no fused multiply-add instruction");
  }
}
