package io.drivetrain.wildfly;

import io.drivetrain.servers.ShopServer;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import java.nio.file.Path;
import java.util.Map;

/** WildFly for the test classes of this module. */
final class Servers {
  private Servers() {}

  /**
   * A server with the shop, named for its test class; nothing runs yet. With the system property
   * {@code drivetrain.wildfly.kafka-clients=own} the shop uses the kafka-clients in the WAR.
   */
  static ShopServer with(Class<?> test, KafkaBroker broker, Postgres postgres, String database) {
    return with(test, broker, postgres, database, Map.of());
  }

  /** The same with more in its environment. */
  static ShopServer with(
      Class<?> test,
      KafkaBroker broker,
      Postgres postgres,
      String database,
      Map<String, String> environment) {
    return with(Installation.built(), test, broker, postgres, database, environment);
  }

  /** The same with another application. */
  static ShopServer with(
      Installation installation,
      Class<?> test,
      KafkaBroker broker,
      Postgres postgres,
      String database,
      Map<String, String> environment) {
    ShopServer server =
        new ShopServer(
            (directory, port, all) -> new WildFlyServer(installation, directory, port, all),
            Path.of(System.getProperty(Installation.BUILD_DIRECTORY)),
            test,
            broker,
            postgres,
            database,
            environment);
    if ("own".equals(System.getProperty("drivetrain.wildfly.kafka-clients"))) {
      OwnKafkaClients.use(server);
    }
    return server;
  }
}
