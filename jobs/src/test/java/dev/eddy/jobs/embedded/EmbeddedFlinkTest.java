package dev.eddy.jobs.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.Test;

/** The cluster runs jobs, shows its web UI on 127.0.0.1 and leaves nothing behind. */
class EmbeddedFlinkTest {

  @Test
  void runsAJobAndShowsTheWebUi() throws Exception {
    Path directory;
    try (EmbeddedFlink flink = EmbeddedFlink.start(2)) {
      directory = flink.directory();
      StreamExecutionEnvironment environment = flink.environment();
      environment.fromSequence(1, 100).sinkTo(new DiscardingSink<>());
      environment.execute("by the environment");

      StreamExecutionEnvironment other = flink.environment();
      other.fromSequence(1, Long.MAX_VALUE).sinkTo(new DiscardingSink<>());
      JobClient job = flink.submit(other.getStreamGraph());
      assertThat(job.getJobStatus().get(10, TimeUnit.SECONDS))
          .isIn(JobStatus.CREATED, JobStatus.RUNNING);

      HttpResponse<String> page =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(flink.webAddress() + "/index.html")).build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.body()).contains("Apache Flink Web Dashboard");
      assertThat(directory.resolve("web")).as("uploads stay in our folder").isNotEmptyDirectory();
      // The job still runs: closing ends it.
    }
    assertThat(directory).doesNotExist();
  }

  @Test
  void doesNotRestartFailedJobs() {
    try (EmbeddedFlink flink = EmbeddedFlink.start(1)) {
      StreamExecutionEnvironment environment = flink.environment();
      environment.enableCheckpointing(1_000);
      environment
          .fromSequence(1, 100)
          .map(
              i -> {
                if (i == 50) {
                  throw new IllegalStateException("the fiftieth");
                }
                return i;
              })
          .sinkTo(new DiscardingSink<>());
      assertThatThrownBy(() -> environment.execute("fails"))
          .hasStackTraceContaining("the fiftieth");
    }
  }

  @Test
  void namesABusyPort() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(
              () ->
                  EmbeddedFlink.start(
                      new EmbeddedFlink.Options(1, 1, taken.getLocalPort(), Map.of())))
          .isInstanceOf(PortInUseException.class)
          .hasMessageContaining("Flink web UI: port " + taken.getLocalPort());
    }
  }
}
