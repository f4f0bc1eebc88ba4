package io.drivetrain.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UsePostgres;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command, as a DBA uses it. */
@UsePostgres
class RunnerTest {
  private final Postgres postgres;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private String database;

  RunnerTest(Postgres postgres) {
    this.postgres = postgres;
  }

  @BeforeEach
  void create() {
    database = postgres.createDatabase();
  }

  @Test
  void migrates_and_then_has_nothing_to_do() {
    assertThat(run("migrate")).isZero();
    assertThat(out()).contains("Schema drivetrain is at version").contains("7 applied now");
    assertThat(run("migrate")).isZero();
    assertThat(out()).contains("0 applied now");
  }

  @Test
  void validate_fails_before_and_succeeds_after() {
    assertThat(run("validate")).isEqualTo(1);
    assertThat(err()).contains("run: java -jar drivetrain-migrations-<version>-runner.jar migrate");
    run("migrate");
    assertThat(run("validate")).isZero();
  }

  @Test
  void info_shows_what_is_pending_and_what_is_applied() {
    assertThat(run("info")).isZero();
    assertThat(out()).contains("version none").contains("7 pending").contains("Pending");
    run("migrate");
    run("info");
    assertThat(out()).contains("0 pending").contains("Success");
  }

  @Test
  void another_schema_name_is_taken() {
    assertThat(run("migrate", "--schema", "events")).isZero();
    assertThat(postgres.count(database, "events.outbox")).isZero();
  }

  @Test
  void a_database_that_is_away_has_its_own_exit_code() {
    assertThat(
            run(new String[] {"info", "--url", "jdbc:postgresql://127.0.0.1:1/x", "--user", "u"}))
        .isEqualTo(3);
    assertThat(err()).contains("The database cannot be reached");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "migrat --url jdbc:postgresql://127.0.0.1/x --user u",
        "migrate --user u",
        "migrate --url jdbc:mysql://x --user u",
        "migrate --url jdbc:postgresql://127.0.0.1/x?password=p --user u",
        "migrate --url jdbc:postgresql://127.0.0.1/x --user u --password p",
        "migrate --url jdbc:postgresql://127.0.0.1/x --user u --schema Bad-Name",
        "migrate now --url jdbc:postgresql://127.0.0.1/x --user u",
        "migrate --url",
        "migrate --where x"
      })
  void wrong_usage_shows_what_is_right_and_touches_nothing(String line) {
    assertThat(run(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(2);
    assertThat(out() + err()).contains("Usage: java -jar");
  }

  private int run(String command, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(command, "--url", postgres.jdbcUrl(database), "--user", postgres.user()));
    args.addAll(List.of(more));
    return run(args.toArray(String[]::new));
  }

  private int run(String[] args) {
    out.reset();
    err.reset();
    return Runner.run(
        args,
        Map.of("DRIVETRAIN_DB_PASSWORD", postgres.password()),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
