package io.drivetrain.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

@UsePostgres(own = true)
class PostgresTest {

  @Test
  void each_database_is_fresh(Postgres postgres) {
    String first = postgres.createDatabase();
    String second = postgres.createDatabase();
    postgres.execute(first, "create table t (id int primary key, name text)");
    postgres.execute(first, "insert into t values (?, ?)", 7, "seven");

    assertThat(postgres.rows(first, "select id, name from t where id = ?", 7))
        .containsExactly(Map.of("id", 7, "name", "seven"));
    assertThat(postgres.count(first, "t")).isEqualTo(1);
    assertThatThrownBy(() -> postgres.count(second, "t")).hasMessageContaining("\"t\"");
  }

  @Test
  void commits_survive_a_kill_at_the_same_address(Postgres postgres) throws SQLException {
    String database = postgres.createDatabase();
    DataSource source = postgres.dataSource(database);
    postgres.execute(database, "create table t (id int)");
    long first = postgres.pid().orElseThrow();
    try (Connection open = source.getConnection()) {
      postgres.execute(database, "insert into t values (1)");
      postgres.kill();
      assertThat(ProcessHandle.of(first)).isEmpty();
      assertThat(open.isValid(1)).isFalse();
    }

    postgres.start();

    assertThat(postgres.count(database, "t")).isEqualTo(1);
    assertThat(source.getConnection()).satisfies(connection -> connection.close());
  }

  @Test
  void data_survives_a_clean_restart_and_a_stop_leaves_no_process(Postgres postgres) {
    String database = postgres.createDatabase();
    postgres.execute(database, "create table t (id int)");
    long first = postgres.pid().orElseThrow();

    postgres.stop();
    assertThat(ProcessHandle.of(first)).isEmpty();
    assertThat(postgres.isRunning()).isFalse();
    postgres.start();

    assertThat(postgres.count(database, "t")).isZero();
  }
}
