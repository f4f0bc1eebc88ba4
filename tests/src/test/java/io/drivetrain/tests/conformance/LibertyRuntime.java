package io.drivetrain.tests.conformance;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.openliberty.LibertyServer;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One Open Liberty server in a process of its own. Each application is a WAR that the running
 * server's configuration gets and loses again. The server's directory stays, for whoever looks into
 * a failure. One test thread uses it.
 */
final class LibertyRuntime implements AppRuntime, AutoCloseable {
  private static final List<String> EE_10 = List.of("servlet-6.0", "cdi-4.0", "concurrent-3.0");
  private static final List<String> EE_11 = List.of("servlet-6.1", "cdi-4.1", "concurrent-3.1");
  private static final List<String> MICROPROFILE =
      List.of("jsonb-3.0", "jsonp-2.1", "mpConfig-3.1", "mpHealth-4.0", "mpReactiveMessaging-3.0");

  private static final Duration START = Duration.ofMinutes(3);
  private static final Duration DEPLOYMENT = Duration.ofSeconds(90);

  // Not 2: Open Liberty 26.0.0.3 takes the upgrade and then never ends some answers.
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(START).build();
  private final AtomicInteger deployments = new AtomicInteger();
  private final Path runtime;
  private final LibertyServer server;

  /**
   * Prepares a server.
   *
   * @param runtime Open Liberty's {@code wlp} directory
   * @param features the features of its configuration
   * @param directory where the server keeps its files
   */
  private LibertyRuntime(Path runtime, List<String> features, Path directory) {
    this.runtime = runtime;
    delete(directory);
    server = new LibertyServer(runtime, directory, 0, Map.of("JVM_ARGS", AppServer.QUICK_START));
    StringBuilder xml = new StringBuilder("<server><featureManager>");
    features.forEach(feature -> xml.append("<feature>").append(feature).append("</feature>"));
    xml.append("</featureManager>")
        .append("<logging traceSpecification='*=info:org.apache.kafka.*=error'/>")
        .append("<httpEndpoint id='defaultHttpEndpoint' host='127.0.0.1'")
        .append(" httpPort='${http.port}' httpsPort='-1'/>")
        .append("<config updateTrigger='polled' monitorInterval='100ms'/>")
        .append("<applicationMonitor updateTrigger='disabled' dropinsEnabled='false'/></server>");
    try {
      Files.createDirectories(configurations());
      Files.writeString(server.home().resolve("server.xml"), xml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The runtime that the build has unpacked where {@code drivetrain.openliberty.runtime} says, with
   * the features of Jakarta EE 10, or 11 if {@code drivetrain.openliberty.ee} says so.
   */
  static LibertyRuntime configured() {
    List<String> features = new ArrayList<>(MICROPROFILE);
    features.addAll(
        System.getProperty("drivetrain.openliberty.ee", "10").equals("11") ? EE_11 : EE_10);
    return new LibertyRuntime(
        Path.of(System.getProperty("drivetrain.openliberty.runtime")),
        features,
        Path.of(System.getProperty("drivetrain.build"), "conformance", "openliberty"));
  }

  void start() {
    server.start();
  }

  /** A file here is a part of the server's configuration. */
  private Path configurations() {
    return server.home().resolve("configDropins/overrides");
  }

  @Override
  public String description() {
    Properties properties = new Properties();
    try (var in = Files.newInputStream(runtime.resolve("lib/versions/openliberty.properties"))) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "Open Liberty "
        + properties.getProperty("com.ibm.websphere.productVersion")
        + ", Jakarta EE "
        + System.getProperty("drivetrain.openliberty.ee", "10");
  }

  @Override
  public Deployment deploy(Application application) {
    String name = add(application);
    if (!server.awaitDeployment(name, DEPLOYMENT)) {
      String log = logOf(name);
      remove(name);
      throw new IllegalStateException(name + " was refused:\n" + log);
    }
    return new InThatServer(name, application);
  }

  @Override
  public String refusal(Application application) {
    String name = add(application);
    if (server.awaitDeployment(name, DEPLOYMENT)) {
      throw new AssertionError("deployed although it cannot work");
    }
    Pattern reason = Pattern.compile("CWWKZ000[24]E.*application " + name + "\\b|SRVE0283E");
    String said =
        logOf(name).lines().filter(reason.asPredicate()).findFirst().orElse("nothing was said");
    remove(name);
    return said;
  }

  private String add(Application application) {
    String name = "app" + deployments.incrementAndGet();
    Path war = server.home().resolve("apps").resolve(name + ".war");
    War.write(application, war);
    server.override(
        name,
        "<webApplication name='" + name + "' contextRoot='/" + name + "' location='" + war + "'/>");
    return name;
  }

  /**
   * The files of the WAR stay: code that runs while it stops may need a class for the first time.
   */
  private void remove(String name) {
    try {
      Files.delete(configurations().resolve(name + ".xml"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String logOf(String name) {
    String log = server.messages();
    return log.substring(
        Math.max(0, log.lastIndexOf("CWWKZ0018I: Starting application " + name + ".")));
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
  public void close() {
    server.close();
  }

  private static void delete(Path directory) {
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
          Files.delete(file);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
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
      return RemoteBean.of(type, uri, LibertyRuntime.this::send);
    }

    @Override
    public Health health(String kind) {
      HttpResponse<String> answer =
          send(HttpRequest.newBuilder(server.uri().resolve("health/" + kind)));
      return new Health(answer.statusCode() == 200, answer.body());
    }

    @Override
    public Deployment another() {
      return deploy(application);
    }

    @Override
    public void close() {
      remove(name);
      eventually(
          DEPLOYMENT,
          () ->
              assertThat(server.messages())
                  .contains("CWWKZ0009I: The application " + name + " has stopped"));
    }
  }
}
