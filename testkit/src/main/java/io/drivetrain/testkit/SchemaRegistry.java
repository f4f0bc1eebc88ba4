package io.drivetrain.testkit;

import io.drivetrain.testkit.internal.RegistryProcess;
import io.drivetrain.testkit.internal.Server;
import java.util.OptionalLong;

/**
 * A real schema registry (Apicurio) that a test may take away and bring back: a process of its own
 * on 127.0.0.1. It keeps its address and what is registered until it is closed, and ends with the
 * JVM that started it, however that ends. Needs {@code drivetrain-testkit-registry} on the class
 * path. Thread-safe.
 */
public final class SchemaRegistry implements AutoCloseable {
  private final Server server;

  private SchemaRegistry(Server server) {
    this.server = server;
  }

  /** A registry that is not started; its address is fixed already. */
  public static SchemaRegistry create() {
    return new SchemaRegistry(new RegistryProcess());
  }

  /** A registry that serves. */
  public static SchemaRegistry started() {
    SchemaRegistry registry = create();
    registry.start();
    return registry;
  }

  /**
   * The address of the API that Confluent's registry has too, for {@code
   * drivetrain.schema-registry.url}; the same for the registry's whole life.
   */
  public String url() {
    return "http://" + server.address() + "/apis/ccompat/v7";
  }

  /** The address of Apicurio's own API, for its serializers. */
  public String apicurioUrl() {
    return "http://" + server.address() + "/apis/registry/v3";
  }

  /**
   * Starts it with what it knows and returns when it serves; does nothing if it runs.
   *
   * @throws IllegalStateException if it does not start; the message holds the end of its log
   */
  public synchronized void start() {
    server.start();
  }

  /** Ends it cleanly (SIGTERM) and returns when it is gone. */
  public synchronized void stop() {
    server.stop();
  }

  /** Ends it as a crash would (SIGKILL) and returns when it is gone. */
  public synchronized void kill() {
    server.kill();
  }

  /** Freezes it (SIGSTOP): connections stay open and nothing is answered. */
  public synchronized void suspend() {
    server.suspend();
  }

  /** Lets it go on after {@link #suspend()} (SIGCONT). */
  public synchronized void resume() {
    server.resume();
  }

  /** Whether it was started and is still there; also true while it is suspended. */
  public synchronized boolean isRunning() {
    return server.isRunning();
  }

  /** The process's id while it runs. */
  public synchronized OptionalLong pid() {
    return server.pid();
  }

  /** Ends it and removes what it knows. */
  @Override
  public synchronized void close() {
    server.close();
  }

  @Override
  public String toString() {
    return "schema registry at " + url();
  }
}
