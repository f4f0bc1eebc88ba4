package io.drivetrain.wildfly;

import io.drivetrain.servers.AppServer;
import io.drivetrain.servers.ShopServer;
import io.drivetrain.servers.TelemetryStory;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** TLS, encrypted expressions and MicroProfile Telemetry on WildFly. */
class ProductionStoryTest extends TelemetryStory {
  private static final Pattern EXPRESSION = Pattern.compile("\\$\\{ENC::[^}]+\\}");

  private static final String DATABASE_PASSWORD =
      "/subsystem=datasources/data-source=shop/connection-properties=password";

  @Override
  protected ShopServer server(
      KafkaBroker broker, Postgres postgres, String database, Map<String, String> environment) {
    return Servers.with(ProductionStoryTest.class, broker, postgres, database, environment);
  }

  @Override
  protected void keep(AppServer server, String brokerPassword, String databasePassword) {
    WildFlyServer wildfly = (WildFlyServer) server;
    List<String> encrypted =
        EXPRESSION
            .matcher(
                wildfly.configure(
                    "/subsystem=elytron/secret-key-credential-store=shop"
                        + ":add(path=shop.cs,relative-to=jboss.server.config.dir)",
                    "/subsystem=elytron/expression=encryption:add(default-resolver=shop,"
                        + "resolvers=[{name=shop,credential-store=shop,secret-key=key}])",
                    encrypt(brokerPassword),
                    encrypt(databasePassword)))
            .results()
            .map(MatchResult::group)
            // Each answer has its expression twice.
            .distinct()
            .toList();
    if (encrypted.size() != 2) {
      throw new IllegalStateException("not encrypted: " + encrypted);
    }
    wildfly.configure(
        "/subsystem=naming/binding=\"java:/shop/kafka-password\":add(binding-type=simple,value=\""
            + encrypted.get(0)
            + "\")",
        DATABASE_PASSWORD + ":remove",
        DATABASE_PASSWORD + ":add(value=\"" + encrypted.get(1) + "\")");
  }

  private static String encrypt(String password) {
    return "/subsystem=elytron/expression=encryption:create-expression(clear-text="
        + password
        + ")";
  }

  @Override
  protected void logEverything(AppServer server, List<String> packages) {
    for (String name : packages) {
      String logger = "<logger category=\"" + name + "\">";
      ((WildFlyServer) server)
          .edit(
              xml ->
                  xml.replaceAll("(?s)" + Pattern.quote(logger) + ".*?</logger>", "")
                      .replace(
                          "<root-logger>", logger + "<level name=\"ALL\"/></logger><root-logger>"));
    }
  }
}
