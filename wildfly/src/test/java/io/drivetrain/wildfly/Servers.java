package io.drivetrain.wildfly;

import io.drivetrain.servers.ShopServer;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import java.nio.file.Path;

/** WildFly for the test classes of this module. */
final class Servers {
  private Servers() {}

  /**
   * A server with the shop, named for its test class; nothing runs yet. With the system property
   * {@code drivetrain.wildfly.kafka-clients=own} the shop uses the kafka-clients in the WAR.
   */
  static ShopServer with(Class<?> test, KafkaBroker broker, Postgres postgres, String database) {
    Installation built = Installation.built();
    Installation installation =
        "own".equals(System.getProperty("drivetrain.wildfly.kafka-clients"))
            ? built.with(OwnKafkaClients.in(built.war()))
            : built;
    return new ShopServer(
        (directory, port, environment) ->
            new WildFlyServer(installation, directory, port, environment),
        Path.of(System.getProperty(Installation.BUILD_DIRECTORY)),
        test,
        broker,
        postgres,
        database);
  }
}
