package dev.eddy.jobs.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ClusterOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.minicluster.RpcServiceSharing;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;

/**
 * A Flink cluster in this process, with its web UI on 127.0.0.1. Jobs run on it through {@link
 * #environment()} or {@link #submit}. Checkpoints lie under a temporary directory that {@link
 * #close()} deletes.
 *
 * <p>Unless the settings say otherwise jobs are not restarted ({@code restart-strategy.type:
 * none}): checkpointing would turn on endless restarts, and a job that cannot run would look like
 * one that hangs.
 */
public final class EmbeddedFlink implements AutoCloseable {
  private static final String WHO = "Flink web UI";
  private static final int TIMEOUT_SECONDS = 60;

  private final TemporaryDirectory directory;
  private final MiniCluster cluster;
  private final Configuration defaults;
  private final int port;
  private boolean closed;

  private EmbeddedFlink(
      TemporaryDirectory directory, MiniCluster cluster, Configuration defaults, int port) {
    this.directory = directory;
    this.cluster = cluster;
    this.defaults = defaults;
    this.port = port;
  }

  /**
   * How big a cluster.
   *
   * @param taskManagers how many
   * @param slots task slots of each
   * @param port of the web UI; 0 for any free one
   * @param settings Flink settings that go before the ones here, of the cluster and of every job
   */
  public record Options(int taskManagers, int slots, int port, Map<String, String> settings) {}

  /** Starts one TaskManager with that many slots and the web UI on any free port. */
  public static EmbeddedFlink start(int slots) {
    return start(new Options(1, slots, 0, Map.of()));
  }

  /**
   * Starts a cluster.
   *
   * @throws PortInUseException if the port asked for is taken
   */
  public static EmbeddedFlink start(Options options) {
    return start(options, RpcServiceSharing.SHARED);
  }

  /**
   * Starts a cluster whose TaskManagers talk to the JobManager over TCP, as processes would.
   *
   * <p>Flink may end the process when such a cluster is closed: a thread of Netty that frees its
   * buffers then finds the class loader of Flink's RPC closed. Without caches of buffers ({@code
   * org.apache.flink.shaded.netty4.io.netty.allocator.smallCacheSize} and {@code normalCacheSize}
   * 0, set before the process's first cluster) it has none to free.
   *
   * @throws PortInUseException if the port asked for is taken
   */
  public static EmbeddedFlink startOverTcp(Options options) {
    return start(options, RpcServiceSharing.DEDICATED);
  }

  private static EmbeddedFlink start(Options options, RpcServiceSharing sharing) {
    if (options.port() != 0) {
      Ports.requireFree(WHO, options.port());
    }
    TemporaryDirectory directory = new TemporaryDirectory("eddy-flink-");
    MiniCluster cluster = null;
    try {
      Configuration configuration = configuration(directory.path(), options);
      cluster =
          new MiniCluster(
              new MiniClusterConfiguration.Builder()
                  .setConfiguration(configuration)
                  .setNumTaskManagers(options.taskManagers())
                  .setNumSlotsPerTaskManager(options.slots())
                  .setCommonBindAddress("127.0.0.1")
                  .setRpcServiceSharing(sharing)
                  .build());
      cluster.start();
      int port = cluster.getRestAddress().get(TIMEOUT_SECONDS, TimeUnit.SECONDS).getPort();
      return new EmbeddedFlink(directory, cluster, jobDefaults(configuration, options), port);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      abandon(cluster, directory);
      throw new IllegalStateException("interrupted while starting Flink", e);
    } catch (Exception e) {
      abandon(cluster, directory);
      if (options.port() != 0) {
        // Taken between the check and the start: say that rather than what the web server says.
        Ports.requireFree(WHO, options.port());
      }
      throw new IllegalStateException("Flink mini cluster did not start: " + e.getMessage(), e);
    }
  }

  private static void abandon(MiniCluster cluster, TemporaryDirectory directory) {
    try {
      if (cluster != null) {
        cluster.close();
      }
    } catch (Exception e) {
      throw new IllegalStateException("Flink mini cluster neither started nor stopped", e);
    } finally {
      directory.close();
    }
  }

  private static Configuration configuration(Path directory, Options options) {
    Configuration c = new Configuration();
    c.set(JobManagerOptions.PORT, 0);
    c.set(RestOptions.ADDRESS, "127.0.0.1");
    c.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
    c.set(RestOptions.BIND_PORT, Integer.toString(options.port()));
    // Nobody uploads jars to a cluster that lives as long as one program.
    c.set(WebOptions.SUBMIT_ENABLE, false);
    c.set(CoreOptions.TMP_DIRS, directory.resolve("tmp").toString());
    c.set(WebOptions.UPLOAD_DIR, directory.resolve("web").toString());
    // Outside the JVM's heap; small, so that broker and cluster fit beside a heap of 1 GB.
    c.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(32));
    c.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(32));
    c.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(32));
    c.set(ClusterOptions.CLUSTER_SERVICES_SHUTDOWN_TIMEOUT, Duration.ofSeconds(10));
    c.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY,
        directory.resolve("checkpoints").toUri().toString());
    c.set(
        CheckpointingOptions.SAVEPOINT_DIRECTORY,
        directory.resolve("savepoints").toUri().toString());
    c.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    options.settings().forEach(c::setString);
    return c;
  }

  private static Configuration jobDefaults(Configuration configuration, Options options) {
    Configuration c = new Configuration();
    c.set(DeploymentOptions.TARGET, MiniClusterExecutors.NAME);
    // execute() waits for the end of the job.
    c.set(DeploymentOptions.ATTACHED, true);
    c.set(PipelineOptions.GENERIC_TYPES, false);
    c.set(CoreOptions.DEFAULT_PARALLELISM, options.taskManagers() * options.slots());
    c.set(
        RestartStrategyOptions.RESTART_STRATEGY,
        configuration.get(RestartStrategyOptions.RESTART_STRATEGY));
    c.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY,
        configuration.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY));
    c.set(
        CheckpointingOptions.SAVEPOINT_DIRECTORY,
        configuration.get(CheckpointingOptions.SAVEPOINT_DIRECTORY));
    options.settings().forEach(c::setString);
    return c;
  }

  /**
   * A new environment whose jobs run here, generic types refused, one task per slot unless set
   * otherwise.
   */
  public StreamExecutionEnvironment environment() {
    return environment(new Configuration());
  }

  /** A new environment whose jobs run here; the settings go before those of the cluster. */
  public StreamExecutionEnvironment environment(Configuration settings) {
    Configuration merged = new Configuration(defaults);
    merged.addAll(settings);
    return new StreamExecutionEnvironment(
        new MiniClusterExecutors(cluster), merged, EmbeddedFlink.class.getClassLoader());
  }

  /**
   * Starts a job and waits until it is initialised.
   *
   * @return a handle on it: status, result, cancel, savepoint
   * @throws IllegalStateException if the job cannot be started
   */
  public JobClient submit(StreamGraph graph) {
    try {
      return new MiniClusterExecutors(cluster)
          .execute(graph, defaults, EmbeddedFlink.class.getClassLoader())
          .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while starting " + graph.getName(), e);
    } catch (Exception e) {
      throw new IllegalStateException(
          "job " + graph.getName() + " cannot be started: " + e.getMessage(), e);
    }
  }

  /** The cluster itself, for tests that kill a TaskManager or trigger a checkpoint. */
  public MiniCluster cluster() {
    return cluster;
  }

  /** Where the web UI is. */
  public String webAddress() {
    return "http://127.0.0.1:" + port;
  }

  /** The port of the web UI and of the REST interface. */
  public int port() {
    return port;
  }

  /** Where checkpoints and savepoints lie; gone after {@link #close()}. */
  public Path directory() {
    return directory.path();
  }

  /** Cancels what runs, stops the cluster and deletes its files. Does nothing the second time. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      cluster.close();
    } catch (Exception e) {
      throw new IllegalStateException("Flink mini cluster did not stop: " + e.getMessage(), e);
    } finally {
      directory.close();
    }
  }
}
