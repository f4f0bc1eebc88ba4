package io.drivetrain.openliberty;

import io.drivetrain.servers.ShopServer;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import java.nio.file.Path;
import java.util.Map;

/** Open Liberty for the test classes of this module. */
final class Servers {
  private Servers() {}

  /** A server with the shop, named for its test class; nothing runs yet. */
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
    return new ShopServer(
        (directory, port, all) -> new LibertyServer(installation, directory, port, all),
        Path.of(System.getProperty(Installation.BUILD_DIRECTORY)),
        test,
        broker,
        postgres,
        database,
        environment);
  }

  /** The server behind a shop, with what only Open Liberty has. */
  static LibertyServer liberty(ShopServer server) {
    return (LibertyServer) server.process();
  }
}
