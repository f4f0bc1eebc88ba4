package io.drivetrain.migrations.internal;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.migrations.MigrationException;
import io.drivetrain.migrations.Migrations;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UsePostgres;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How the schema becomes ready when an application starts. */
@UsePostgres
class AttemptsTest {
  private final Postgres postgres;
  private final String database;
  private volatile boolean away;
  private Thread retrying;

  AttemptsTest(Postgres postgres) {
    this.postgres = postgres;
    this.database = postgres.createDatabase();
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (retrying != null) {
      retrying.interrupt();
      retrying.join(10_000);
      assertThat(retrying.isAlive()).isFalse();
    }
  }

  @Test
  void a_database_that_answers_is_migrated_at_once() {
    Attempts attempts = attempts(Attempts.Mode.MIGRATE);

    assertThat(attempts.first()).isTrue();

    assertThat(attempts.ready().toCompletableFuture()).isCompleted();
    assertThat(attempts.progress().problem()).isNull();
    assertThat(attempts.progress().state().pending()).isZero();
  }

  @Test
  void a_database_that_comes_later_is_migrated_then() {
    away = true;
    Attempts attempts = attempts(Attempts.Mode.MIGRATE);

    assertThat(attempts.first()).isFalse();
    assertThat(attempts.ready().toCompletableFuture()).isNotDone();
    assertThat(attempts.progress().problem()).startsWith("The database cannot be reached");
    retry(attempts);
    away = false;

    eventually(() -> assertThat(attempts.ready().toCompletableFuture()).isCompleted());
    assertThat(attempts.progress().problem()).isNull();
  }

  @Test
  void a_schema_that_turns_out_wrong_later_is_told_and_waited_for() {
    away = true;
    Attempts attempts = attempts(Attempts.Mode.VALIDATE);
    attempts.first();
    retry(attempts);
    away = false;

    eventually(() -> assertThat(attempts.progress().problem()).contains("runner.jar migrate"));
    assertThat(attempts.ready().toCompletableFuture()).isNotDone();

    new Migrations(postgres.dataSource(database), "drivetrain").migrate();
    eventually(() -> assertThat(attempts.ready().toCompletableFuture()).isCompleted());
  }

  @Test
  void a_wrong_schema_at_the_start_is_an_error() {
    assertThatThrownBy(() -> attempts(Attempts.Mode.VALIDATE).first())
        .isInstanceOf(MigrationException.class);
  }

  @Test
  void off_looks_at_nothing_not_even_for_a_data_source() {
    Attempts attempts =
        new Attempts(
            () -> {
              throw new AssertionError("looked up");
            },
            Attempts.Mode.OFF);

    assertThat(attempts.first()).isTrue();
    assertThat(attempts.ready().toCompletableFuture()).isCompleted();
  }

  private void retry(Attempts attempts) {
    retrying = new Thread(attempts::untilReady, "retrying");
    retrying.setDaemon(true);
    retrying.start();
  }

  private Attempts attempts(Attempts.Mode mode) {
    DataSource real = postgres.dataSource(database);
    DataSource sometimes =
        (DataSource)
            java.lang.reflect.Proxy.newProxyInstance(
                AttemptsTest.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> {
                  if (method.getReturnType() == Connection.class) {
                    if (away) {
                      throw new SQLException("away", "08001");
                    }
                    return real.getConnection();
                  }
                  return method.invoke(real, arguments);
                });
    return new Attempts(() -> new Migrations(sometimes, "drivetrain"), mode);
  }
}
