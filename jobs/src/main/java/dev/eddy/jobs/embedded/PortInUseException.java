package dev.eddy.jobs.embedded;

/** A port that was asked for is taken by somebody else. Choose another, or 0 for any free one. */
public final class PortInUseException extends RuntimeException {
  private final int port;

  /** A failure of {@code who}, which wanted {@code port}. */
  PortInUseException(String who, int port, Throwable cause) {
    super(
        who
            + ": port "
            + port
            + " on 127.0.0.1 is in use by another process; choose another port, or 0 for any free one",
        cause);
    this.port = port;
  }

  /** The port that was asked for. */
  public int port() {
    return port;
  }
}
