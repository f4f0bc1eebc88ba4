package io.drivetrain.outbox.internal.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.migrations.Migrations;
import io.drivetrain.outbox.EncodedMessage;
import io.drivetrain.outbox.OutboxException;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UsePostgres;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections of a data source that say they commit by themselves. */
@UsePostgres
class OutboxWriterTest {
  private static final long FAR = 4_000_000_000_000L;

  private final Postgres postgres;
  private String database;

  OutboxWriterTest(Postgres postgres) {
    this.postgres = postgres;
  }

  @BeforeEach
  void migrate() {
    database = postgres.createDatabase();
    new Migrations(postgres.dataSource(database), "drivetrain").migrate();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void what_is_outside_of_a_transaction_is_refused_and_writes_nothing(boolean alsoLater) {
    OutboxWriter writer = new OutboxWriter(postgres.dataSource(database), "drivetrain");

    assertThatThrownBy(() -> writer.write(events(alsoLater)))
        .isInstanceOf(OutboxException.class)
        .hasMessageStartingWith((alsoLater ? 3 : 2) + " events cannot be written")
        .hasMessageContaining("outside of the transaction");

    assertThat(written()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_transaction_that_a_server_has_begun_behind_it_is_found(boolean alsoLater)
      throws SQLException {
    try (Connection physical = postgres.dataSource(database).getConnection()) {
      physical.setAutoCommit(false);
      OutboxWriter writer = new OutboxWriter(lending(physical), "drivetrain");

      // Often enough that the driver prepares the statement on the server.
      for (int i = 0; i < 10; i++) {
        assertThat(writer.write(events(alsoLater))).isNotZero();
      }

      assertThat(written()).isZero();
      physical.rollback();
      assertThat(written()).isZero();
      writer.write(events(alsoLater));
      physical.commit();
      assertThat(written()).isEqualTo(alsoLater ? 3 : 2);
    }
  }

  /** As Open Liberty does with an XA connection: it says auto-commit and is in a transaction. */
  private static DataSource lending(Connection physical) {
    Connection lent =
        proxy(
            Connection.class,
            (method, arguments) ->
                switch (method.getName()) {
                  case "getAutoCommit" -> true;
                  case "close" -> null;
                  default -> method.invoke(physical, arguments);
                });
    return proxy(DataSource.class, (method, arguments) -> lent);
  }

  @FunctionalInterface
  private interface Answer {
    Object to(java.lang.reflect.Method method, Object[] arguments)
        throws ReflectiveOperationException;
  }

  private static <T> T proxy(Class<T> type, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            OutboxWriterTest.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              try {
                return answer.to(method, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private long written() {
    return postgres.count(database, "drivetrain.outbox")
        + postgres.count(database, "drivetrain.outbox_later");
  }

  private static List<EncodedMessage> events(boolean alsoLater) {
    EncodedMessage now = event(null);
    return alsoLater ? List.of(now, event(FAR), now) : List.of(now, now);
  }

  private static EncodedMessage event(Long deliverAt) {
    return new EncodedMessage(
        "topic", new byte[] {1}, new byte[] {2}, List.of(), null, null, deliverAt);
  }
}
