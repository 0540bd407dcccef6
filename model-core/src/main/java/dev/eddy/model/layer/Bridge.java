package dev.eddy.model.layer;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What the decoder of an {@link EncoderDecoder} begins with. */
public enum Bridge {
  /** The encoder's final state as it is; both are of the same size (Sutskever et al. 2014). */
  @JsonProperty("state")
  STATE,
  /** tanh(e W + b) of the encoder's final state e (Cho et al. 2014). */
  @JsonProperty("dense")
  DENSE,
  /** tanh(e W + b) of the mean e of the encoder's real output steps (Sennrich et al. 2017). */
  @JsonProperty("pooled")
  POOLED,
  /** The decoder's own initial state: the source is reached by attention alone. */
  @JsonProperty("none")
  NONE
}
