package dev.eddy.model.layer;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What an attention layer gives in each step. */
public enum AttentionOutput {
  /** The context: M floats, the weighted mean of the memory. */
  @JsonProperty("context")
  CONTEXT,
  /** The context, then the query: M + Q floats. */
  @JsonProperty("concat")
  CONCAT
}
