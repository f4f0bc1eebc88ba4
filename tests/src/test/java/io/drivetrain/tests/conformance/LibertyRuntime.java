package io.drivetrain.tests.conformance;

import io.drivetrain.openliberty.LibertyServer;
import io.drivetrain.servers.AppServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;

/** Open Liberty, with a configuration that has what Drivetrain needs and nothing else. */
final class LibertyRuntime extends ServerRuntime {
  private static final List<String> EE_10 = List.of("servlet-6.0", "cdi-4.0", "concurrent-3.0");
  private static final List<String> EE_11 = List.of("servlet-6.1", "cdi-4.1", "concurrent-3.1");
  private static final List<String> MICROPROFILE =
      List.of("jsonb-3.0", "jsonp-2.1", "mpConfig-3.1", "mpHealth-4.0", "mpReactiveMessaging-3.0");

  private final Path runtime;
  private final LibertyServer server;

  private LibertyRuntime(Path runtime, LibertyServer server) {
    super(server);
    this.runtime = runtime;
    this.server = server;
  }

  /**
   * The runtime that the build has unpacked where {@code drivetrain.openliberty.runtime} says, with
   * the features of Jakarta EE 10, or 11 if {@code drivetrain.openliberty.ee} says so.
   */
  static LibertyRuntime configured() {
    Path runtime = Path.of(System.getProperty("drivetrain.openliberty.runtime"));
    LibertyServer server =
        new LibertyServer(
            runtime, emptied("openliberty"), 0, Map.of("JVM_ARGS", AppServer.QUICK_START));
    List<String> features = new ArrayList<>(MICROPROFILE);
    features.addAll(edition().equals("11") ? EE_11 : EE_10);
    StringBuilder xml = new StringBuilder("<server><featureManager>");
    features.forEach(feature -> xml.append("<feature>").append(feature).append("</feature>"));
    xml.append("</featureManager>")
        .append("<logging traceSpecification='*=info:org.apache.kafka.*=error'/>")
        .append("<httpEndpoint id='defaultHttpEndpoint' host='127.0.0.1'")
        .append(" httpPort='${http.port}' httpsPort='-1'/>")
        .append("<config updateTrigger='polled' monitorInterval='100ms'/>")
        .append("<applicationMonitor updateTrigger='disabled' dropinsEnabled='false'/></server>");
    try {
      Files.createDirectories(configurations(server));
      Files.writeString(server.home().resolve("server.xml"), xml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new LibertyRuntime(runtime, server);
  }

  private static String edition() {
    return System.getProperty("drivetrain.openliberty.ee", "10");
  }

  /** A file here is a part of the server's configuration. */
  private static Path configurations(LibertyServer server) {
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
        + edition();
  }

  @Override
  void add(String name, Application application) {
    Path war = server.home().resolve("apps").resolve(name + ".war");
    War.write(application, war);
    server.override(
        name,
        "<webApplication name='" + name + "' contextRoot='/" + name + "' location='" + war + "'/>");
  }

  /**
   * The files of the WAR stay: code that runs while it stops may need a class for the first time.
   */
  @Override
  void remove(String name) throws IOException {
    Files.delete(configurations(server).resolve(name + ".xml"));
  }

  @Override
  String reason(String name, String log) {
    Pattern reason = Pattern.compile("CWWKZ000[24]E.*application " + name + "\\b|SRVE0283E");
    int start = log.lastIndexOf("CWWKZ0018I: Starting application " + name + ".");
    return log.substring(Math.max(0, start))
        .lines()
        .filter(reason.asPredicate())
        .findFirst()
        .orElse("nothing was said");
  }
}
