package io.drivetrain.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UsePostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * The jar itself: everything it needs is in it, and the merged service files let Flyway find it.
 */
@UsePostgres
class RunnerJarIT {
  private final Postgres postgres;

  RunnerJarIT(Postgres postgres) {
    this.postgres = postgres;
  }

  @Test
  void java_jar_migrates_and_validates() throws Exception {
    String database = postgres.createDatabase();

    assertThat(run("migrate", database)).isEqualTo(0);
    assertThat(run("validate", database)).isEqualTo(0);
    assertThat(postgres.count(database, "drivetrain.outbox")).isZero();
  }

  private int run(String command, String database) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-jar",
            System.getProperty("drivetrain.runner.jar"),
            command,
            "--url",
            postgres.jdbcUrl(database),
            "--user",
            postgres.user());
    builder.environment().put("DRIVETRAIN_DB_PASSWORD", postgres.password());
    builder.redirectErrorStream(true);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(output).isTrue();
    System.out.print(output);
    return process.exitValue();
  }
}
