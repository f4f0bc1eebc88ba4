package io.drivetrain.testkit.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds ports for servers that a test takes away and brings back on the same port. They lie below
 * every system's ephemeral range: a client that reconnects to a stopped server from an ephemeral
 * port could otherwise connect to itself and hold the port when the server returns.
 */
final class FreePorts {
  private static final int FIRST = 10_000;
  private static final int LAST = 32_000;

  private FreePorts() {}

  /** Several different ones. */
  static Set<Integer> next(int count) {
    Set<Integer> ports = new LinkedHashSet<>();
    while (ports.size() < count) {
      ports.add(next());
    }
    return ports;
  }

  /** A port of the loopback address that nobody listened on just now. */
  static int next() {
    for (int attempt = 0; attempt < 1_000; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
      try (ServerSocket socket = new ServerSocket()) {
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return port;
      } catch (IOException taken) {
        continue;
      }
    }
    throw new IllegalStateException(
        "found no free TCP port between " + FIRST + " and " + LAST + " on the loopback address");
  }
}
