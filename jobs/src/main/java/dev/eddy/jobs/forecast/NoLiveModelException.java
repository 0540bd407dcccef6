package dev.eddy.jobs.forecast;

import dev.eddy.jobs.config.PipelineConfig;
import dev.eddy.jobs.registry.ModelRef;
import dev.eddy.jobs.serve.RefusedModelException;

/**
 * There is no model to serve: none was ever promoted, the live one was retired, or it does not fit
 * the pipeline.
 */
public final class NoLiveModelException extends Exception {
  private static final long serialVersionUID = 1L;

  private NoLiveModelException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Nothing is live. */
  static NoLiveModelException none(String pipeline) {
    return new NoLiveModelException(
        "no live model of pipeline '%s' in topic %s: train one (eddy train), or promote one that is there (eddy models)"
            .formatted(pipeline, PipelineConfig.MODELS_TOPIC),
        null);
  }

  /** Something is live, but it cannot be served. */
  static NoLiveModelException refused(ModelRef ref, RefusedModelException reason) {
    return new NoLiveModelException(
        "the live model of pipeline '%s', version %d, cannot be served: %s. Train one for this configuration, or promote"
                .formatted(ref.name(), ref.version(), reason.getMessage())
            + " another",
        reason);
  }
}
