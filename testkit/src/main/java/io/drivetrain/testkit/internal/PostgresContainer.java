package io.drivetrain.testkit.internal;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.ds.PGSimpleDataSource;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** A PostgreSQL server in a container. Loaded only if Testcontainers is there. */
final class PostgresContainer {
  private static final int PORT = 5432;

  private PostgresContainer() {}

  @SuppressWarnings("resource") // The server that is returned closes it.
  static Server create() {
    Server.HostPort address = ContainerServer.freeAddress();
    PostgreSQLContainer container =
        new PostgreSQLContainer(
                DockerImageName.parse(Containers.POSTGRES_IMAGE)
                    .asCompatibleSubstituteFor("postgres"))
            .withUsername("postgres")
            .withPassword("postgres")
            .withDatabaseName("postgres")
            .withCommand("postgres", "-c", "max_connections=300", "-c", "fsync=off");
    return ContainerServer.of(container, address, PORT, () -> answers(address));
  }

  private static boolean answers(Server.HostPort address) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {address.host()});
    source.setPortNumbers(new int[] {address.port()});
    source.setDatabaseName("postgres");
    source.setUser("postgres");
    source.setPassword("postgres");
    source.setConnectTimeout(5);
    try (Connection connection = source.getConnection()) {
      return connection.isValid(5);
    } catch (SQLException notYet) {
      return false;
    }
  }
}
