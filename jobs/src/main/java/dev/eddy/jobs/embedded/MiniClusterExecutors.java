package dev.eddy.jobs.embedded;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.dag.Pipeline;
import org.apache.flink.client.ClientUtils;
import org.apache.flink.client.deployment.executors.PipelineExecutorUtils;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.PipelineExecutor;
import org.apache.flink.core.execution.PipelineExecutorFactory;
import org.apache.flink.core.execution.PipelineExecutorServiceLoader;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterJobClient;
import org.apache.flink.runtime.minicluster.MiniClusterJobClient.JobFinalizationBehavior;

/**
 * Lets a StreamExecutionEnvironment run its jobs on a mini cluster that is already there. Flink has
 * this only among its tests; its local executor starts a cluster per job.
 */
final class MiniClusterExecutors implements PipelineExecutorServiceLoader, PipelineExecutorFactory {
  static final String NAME = "eddy-embedded";

  private final MiniCluster cluster;

  MiniClusterExecutors(MiniCluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public PipelineExecutorFactory getExecutorFactory(Configuration configuration) {
    return this;
  }

  @Override
  public Stream<String> getExecutorNames() {
    return Stream.of(NAME);
  }

  @Override
  public String getName() {
    return NAME;
  }

  @Override
  public boolean isCompatibleWith(Configuration configuration) {
    return true;
  }

  @Override
  public PipelineExecutor getExecutor(Configuration configuration) {
    return this::execute;
  }

  /**
   * Hands a job over; the future is complete when the job is initialised, or failed if it cannot
   * be.
   */
  CompletableFuture<JobClient> execute(
      Pipeline pipeline, Configuration settings, ClassLoader loader) throws Exception {
    return cluster
        .submitJob(PipelineExecutorUtils.getStreamGraph(pipeline, settings))
        .thenApplyAsync(submitted -> initialised(submitted.getJobID(), loader));
  }

  private JobClient initialised(JobID job, ClassLoader loader) {
    try {
      ClientUtils.waitUntilJobInitializationFinished(
          () -> cluster.getJobStatus(job).get(), () -> cluster.requestJobResult(job).get(), loader);
    } catch (Exception e) {
      throw new CompletionException(e);
    }
    return new MiniClusterJobClient(job, cluster, loader, JobFinalizationBehavior.NOTHING);
  }
}
