package io.drivetrain.testkit.internal;

import java.util.OptionalLong;

/**
 * A server that a test may start and take away, as a child process or a container. It keeps its
 * address and its data over any number of stops, kills and starts until it is closed. Confined to
 * one thread at a time by its owner.
 */
public interface Server extends AutoCloseable {

  /** Host and port, known before the first start. */
  HostPort address();

  /** Starts it and returns when it serves; does nothing if it runs. */
  void start();

  /** Asks it to end, as an operator would, and returns when it is gone. */
  void stop();

  /** Ends it without a warning, as a crash would, and returns when it is gone. */
  void kill();

  /** Freezes it: connections stay open, nothing is answered. */
  void suspend();

  /** Ends {@link #suspend()}. */
  void resume();

  /** Whether it was started and is still there. */
  boolean isRunning();

  /** The process's id while it runs; empty for a container. */
  OptionalLong pid();

  /** Ends it and removes its data. */
  @Override
  void close();

  /**
   * Where a server listens.
   *
   * @param host a host name or address
   * @param port a TCP port
   */
  record HostPort(String host, int port) {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }
}
