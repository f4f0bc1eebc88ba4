package io.drivetrain.tests.conformance;

import io.drivetrain.servers.AppServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * One server in a process of its own. Each application is a WAR that the running server gets and
 * loses again. The server's directory stays, for whoever looks into a failure. One test thread uses
 * it.
 */
abstract class ServerRuntime implements AppRuntime, AutoCloseable {
  private static final Duration CONNECT = Duration.ofMinutes(3);
  private static final Duration DEPLOYMENT = Duration.ofSeconds(90);

  // Not 2: Open Liberty 26.0.0.3 takes the upgrade and then never ends some answers.
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();
  private final AppServer server;
  private int deployments;

  ServerRuntime(AppServer server) {
    this.server = server;
  }

  /** Where a server of this name has its files; empty. */
  static Path emptied(String name) {
    Path directory =
        Path.of(System.getProperty("drivetrain.build"), "conformance", "servers", name);
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
          Files.delete(file);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return directory;
  }

  /** Writes the WAR of an application where the running server finds it under this name. */
  abstract void add(String name, Application application) throws IOException;

  /** Takes an application from the running server. */
  abstract void remove(String name) throws IOException;

  /** What a log says about the application that it refused. */
  abstract String reason(String name, String log);

  void start() {
    server.start();
  }

  @Override
  public final Deployment deploy(Application application) {
    String name = added(application);
    if (!server.awaitDeployment(name, DEPLOYMENT)) {
      String reason = reason(name, server.messages());
      removed(name);
      throw new IllegalStateException(name + " was refused:\n" + reason);
    }
    return new InThatServer(name, application);
  }

  @Override
  public final String refusal(Application application) {
    String name = added(application);
    if (server.awaitDeployment(name, DEPLOYMENT)) {
      throw new AssertionError("deployed although it cannot work");
    }
    String reason = reason(name, server.messages());
    removed(name);
    return reason;
  }

  private String added(Application application) {
    String name = "app" + ++deployments;
    try {
      add(name, application);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return name;
  }

  private void removed(String name) {
    try {
      remove(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.timeout(DEPLOYMENT).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the server was asked", e);
    }
  }

  @Override
  public final void close() {
    server.close();
  }

  private final class InThatServer implements Deployment {
    private final String name;
    private final Application application;

    InThatServer(String name, Application application) {
      this.name = name;
      this.application = application;
    }

    @Override
    public <T> T get(Class<T> type) {
      URI uri = server.uri().resolve(name + "/call");
      return RemoteBean.of(type, uri, ServerRuntime.this::send);
    }

    @Override
    public Health health(String kind) {
      HttpResponse<String> answer = send(HttpRequest.newBuilder(server.health().resolve(kind)));
      return new Health(answer.statusCode() == 200, answer.body());
    }

    @Override
    public Deployment another() {
      return deploy(application);
    }

    @Override
    public void close() {
      removed(name);
      server.awaitUndeployment(name, DEPLOYMENT);
    }
  }
}
