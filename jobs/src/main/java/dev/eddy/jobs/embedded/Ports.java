package dev.eddy.jobs.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Looks for ports on 127.0.0.1. */
final class Ports {
  private Ports() {}

  /**
   * Different free ports. They are free now; somebody else may take one before it is used.
   *
   * @return {@code [count]}
   */
  static int[] free(int count) {
    ServerSocket[] sockets = new ServerSocket[count];
    int[] ports = new int[count];
    try {
      // All are held until the last is found, so that no port is given twice.
      for (int i = 0; i < count; i++) {
        sockets[i] = new ServerSocket(0, 1, loopback());
        ports[i] = sockets[i].getLocalPort();
      }
      return ports;
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on 127.0.0.1", e);
    } finally {
      for (ServerSocket socket : sockets) {
        close(socket);
      }
    }
  }

  /**
   * Makes sure that a port can be listened on.
   *
   * @throws PortInUseException if it is taken
   */
  static void requireFree(String who, int port) {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException(who + ": port must be 0 (any) to 65535, not " + port);
    }
    // Reuse is what the servers ask for too: connections of an earlier run still closing are no
    // obstacle.
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(loopback(), port));
    } catch (BindException e) {
      throw new PortInUseException(who, port, e);
    } catch (IOException e) {
      throw new UncheckedIOException(who + ": cannot listen on port " + port, e);
    }
  }

  private static InetAddress loopback() throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }

  private static void close(ServerSocket socket) {
    if (socket != null) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
