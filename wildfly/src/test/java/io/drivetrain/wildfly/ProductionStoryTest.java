package io.drivetrain.wildfly;

import io.drivetrain.servers.AppServer;
import io.drivetrain.servers.ProductionStory;
import io.drivetrain.servers.ShopServer;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** TLS and encrypted expressions on WildFly. */
class ProductionStoryTest extends ProductionStory {
  private static final Pattern EXPRESSION = Pattern.compile("\\$\\{ENC::[^}]+\\}");

  @Override
  protected ShopServer server(
      KafkaBroker broker, Postgres postgres, String database, Map<String, String> environment) {
    return Servers.with(ProductionStoryTest.class, broker, postgres, database, environment);
  }

  @Override
  protected void keep(AppServer server, String secret) {
    WildFlyServer wildfly = (WildFlyServer) server;
    String answer =
        wildfly.configure(
            "/subsystem=elytron/secret-key-credential-store=shop"
                + ":add(path=shop.cs,relative-to=jboss.server.config.dir)",
            "/subsystem=elytron/expression=encryption:add(default-resolver=shop,"
                + "resolvers=[{name=shop,credential-store=shop,secret-key=key}])",
            "/subsystem=elytron/expression=encryption:create-expression(clear-text="
                + secret
                + ")");
    Matcher expression = EXPRESSION.matcher(answer);
    if (!expression.find()) {
      throw new IllegalStateException("not encrypted: " + answer.replace(secret, "***"));
    }
    wildfly.configure(
        "/subsystem=naming/binding=\"java:/shop/kafka-password\":add(binding-type=simple,value=\""
            + expression.group()
            + "\")");
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
