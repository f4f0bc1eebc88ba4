package io.drivetrain.outbox.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.migrations.Migrations;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UsePostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The jar itself: everything it needs is in it. */
@UsePostgres
class CommandJarIT {
  private final Postgres postgres;

  CommandJarIT(Postgres postgres) {
    this.postgres = postgres;
  }

  @Test
  void java_jar_pauses_and_lists() throws Exception {
    String database = postgres.createDatabase();

    new Migrations(postgres.dataSource(database), "drivetrain").migrate();

    assertThat(run("pause", database, "--all")).isEqualTo(0);
    assertThat(run("parked", database, "--topic", "t", "--key", "k")).isEqualTo(0);
    assertThat(postgres.count(database, "drivetrain.outbox_pause")).isEqualTo(1);
  }

  private int run(String command, String database, String... more)
      throws IOException, InterruptedException {
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                System.getProperty("drivetrain.runner.jar"),
                command,
                "--url",
                postgres.jdbcUrl(database),
                "--user",
                postgres.user()));
    line.addAll(List.of(more));
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().put("DRIVETRAIN_DB_PASSWORD", postgres.password());
    builder.redirectErrorStream(true);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(output).isTrue();
    System.out.print(output);
    return process.exitValue();
  }
}
