package dev.eddy.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jobs on a broker, a JobManager and TaskManagers that are processes of their own. */
class ClusterOfProcessesIT {

  @Test
  void comesUp(@TempDir Path directory) throws Exception {
    try (ProcessCluster cluster = new ProcessCluster(directory)) {
      cluster.startKafka();
      cluster.startJobManager();
      String first = cluster.startTaskManager();
      cluster.startTaskManager();
      cluster.awaitSlots(4);
      cluster.kill(first);
      cluster.startTaskManager();
      cluster.awaitSlots(4);
      assertThat(cluster.flink("list")).contains("No running jobs");
    }
  }
}
