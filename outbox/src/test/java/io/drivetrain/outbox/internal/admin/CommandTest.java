package io.drivetrain.outbox.internal.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.migrations.Migrations;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UsePostgres;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command, as an operator uses it. */
@UsePostgres
class CommandTest {
  private static final int DONE = 0;
  private static final int NOTHING = 1;
  private static final int WRONG_USAGE = 2;
  private static final int AWAY = 3;

  private final Postgres postgres;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private String database;

  CommandTest(Postgres postgres) {
    this.postgres = postgres;
  }

  @BeforeEach
  void create() {
    database = postgres.createDatabase();
    new Migrations(postgres.dataSource(database), "drivetrain").migrate();
  }

  @Test
  void lists_peeks_retries_and_discards_parked_rows() {
    park(7, "orders", "4711", "{\"total\":3}");
    park(8, "orders", "4711", null);
    park(9, "audit", null, "x");

    assertThat(run("parked")).isEqualTo(DONE);
    assertThat(out())
        .contains("7  11 bytes  topic orders  key 4711  too-large after 2 attempts, parked 20")
        .contains(": RecordTooLargeException")
        .contains("8  tombstone  topic orders")
        .contains("9  1 bytes  topic audit  key none")
        .contains("3 rows");
    assertThat(run("parked", "--topic", "orders", "--key", "4711", "--limit", "1")).isZero();
    assertThat(out()).contains("7  11 bytes").contains("The next ones: --after 7");
    run("parked", "--reason", "refused");
    assertThat(out()).contains("0 rows");

    assertThat(run("peek", "7")).isEqualTo(DONE);
    assertThat(out())
        .contains("topic      orders")
        .contains("key        4711")
        .contains("header     source = shop")
        .contains("value      {\"total\":3}");

    assertThat(run("retry", "7")).isEqualTo(DONE);
    assertThat(out()).contains("Row 7 is sent again");
    assertThat(run("retry", "7")).isEqualTo(NOTHING);
    assertThat(err()).contains("There is no parked row 7");
    assertThat(run("retry", "--topic", "orders", "--key", "4711")).isEqualTo(DONE);
    assertThat(out()).contains("1 rows are sent again");
    assertThat(run("retry", "--topic", "orders")).isEqualTo(NOTHING);
    assertThat(run("discard", "9")).isEqualTo(DONE);
    assertThat(out()).contains("Row 9 is discarded");

    assertThat(postgres.count(database, "drivetrain.outbox")).isEqualTo(2);
    assertThat(postgres.count(database, "drivetrain.outbox_dead")).isZero();
  }

  @Test
  void lists_and_unblocks_blocked_keys() {
    park(7, "orders", "4711", "v");
    postgres.execute(
        database,
        "insert into drivetrain.outbox_blocked (topic, key, bucket, row_id) values ('orders',"
            + " '4711', 7, 7)");

    assertThat(run("blocked")).isEqualTo(DONE);
    assertThat(out()).contains("topic orders  key 4711  since 20").contains(", by row 7");
    assertThat(run("retry", "7")).isEqualTo(NOTHING);
    assertThat(err()).contains("Row 7 is of a blocked key; unblock the key");
    assertThat(run("unblock", "--topic", "orders", "--key-hex", "34373131")).isEqualTo(DONE);
    assertThat(out()).contains("The key goes on; 1 parked rows are sent first");
    assertThat(run("unblock", "--topic", "orders", "--key", "4711")).isEqualTo(NOTHING);
    assertThat(err()).contains("The key is not blocked");
  }

  @Test
  void lists_cancels_and_delivers_events_for_later() {
    postgres.execute(
        database,
        "insert into drivetrain.outbox_later (due_at, bucket, topic, key, payload) values"
            + " (now() + interval '2 days', 7, 'reminders', 'a', 'later'),"
            + " (now() + interval '1 day', 7, 'reminders', 'b', null),"
            + " (now() + interval '3 days', 7, 'reminders', 'a', 'x'),"
            + " (now() + interval '1 hour', 7, 'orders', null, 'x')");

    assertThat(run("scheduled")).isEqualTo(DONE);
    assertThat(out().lines().map(line -> line.replaceAll(" .*", "")))
        .as("the next one first")
        .containsExactly("4", "2", "1", "3", "4");
    assertThat(out())
        .contains("2  due 20")
        .contains("tombstone  topic reminders  key b  published 20")
        .contains("4 events for later");
    run("scheduled", "--topic", "reminders", "--limit", "2");
    assertThat(out()).contains("2  due").contains("1  due").contains("The next ones: --after 1");
    run("scheduled", "--topic", "reminders", "--after", "1");
    assertThat(out()).contains("3  due").contains("1 events for later").doesNotContain("2  due");
    run("scheduled", "--topic", "reminders", "--key", "a");
    assertThat(out()).contains("2 events for later");

    assertThat(run("cancel", "2")).isEqualTo(DONE);
    assertThat(out()).contains("Event 2 is cancelled");
    assertThat(run("cancel", "2")).isEqualTo(NOTHING);
    assertThat(err()).contains("There is no event for later 2");
    assertThat(run("scheduled", "--after", "2")).isEqualTo(WRONG_USAGE);
    assertThat(err()).contains("Event 2 no longer waits");
    assertThat(run("scheduled", "--reason", "refused")).isEqualTo(WRONG_USAGE);
    assertThat(run("deliver", "4")).isEqualTo(DONE);
    assertThat(out()).contains("Event 4 is delivered now");
    assertThat(run("deliver", "4")).isEqualTo(NOTHING);
    assertThat(run("cancel", "--topic", "reminders", "--key", "a")).isEqualTo(DONE);
    assertThat(out()).contains("2 events for later are cancelled");
    assertThat(run("cancel", "--topic", "reminders", "--key", "a")).isEqualTo(NOTHING);

    assertThat(postgres.count(database, "drivetrain.outbox_later")).isZero();
    assertThat(postgres.count(database, "drivetrain.outbox")).isEqualTo(1);
  }

  @Test
  void pauses_and_resumes() {
    assertThat(run("pause", "--topic", "orders", "--because", "their disk is full")).isZero();
    assertThat(out()).contains("Paused: topic orders");
    assertThat(run("pause", "--topic", "orders")).isEqualTo(NOTHING);
    assertThat(out()).contains("It was paused already: topic orders");
    assertThat(run("pause", "--all")).isZero();
    assertThat(run("pause", "--shard", "0")).as("the only one: the same as all").isEqualTo(NOTHING);

    run("pauses");
    assertThat(out())
        .contains("topic orders  paused since 20")
        .contains(": their disk is full")
        .contains("everything  paused since 20")
        .contains("2 pauses");
    assertThat(run("resume", "--all")).isZero();
    assertThat(out()).contains("Resumed: everything").contains("1 pauses");
    assertThat(run("resume", "--topic", "orders")).isZero();
    assertThat(run("resume", "--topic", "orders")).isEqualTo(NOTHING);
    assertThat(out()).contains("It was not paused: topic orders");
  }

  @Test
  void sets_the_row_aside_at_which_a_topic_has_stopped() {
    postgres.execute(
        database, "insert into drivetrain.outbox (bucket, topic, key) values (7, 'orders', 'k')");

    assertThat(run("park", "1")).isEqualTo(NOTHING);
    assertThat(err()).contains("Row 1 may be on its way; pause its topic before it is parked");
    postgres.execute(
        database,
        "insert into drivetrain.outbox_pause (topic, first_bucket, last_bucket, stopped_at, reason)"
            + " values ('orders', 0, 31, 1, 'too-large: no')");
    run("pauses");
    assertThat(out())
        .contains("topic orders in shard 0  stopped at row 1 since 20")
        .contains(": too-large: no");
    assertThat(run("park", "1")).isEqualTo(DONE);
    assertThat(out()).contains("Row 1 is parked");
    assertThat(run("park", "1")).isEqualTo(NOTHING);
    assertThat(run("resume", "--topic", "orders")).isEqualTo(DONE);
    assertThat(out()).contains("0 pauses");
  }

  @Test
  void help_shows_every_command() {
    assertThat(Command.run(new String[] {"--help"}, Map.of(), print(out), print(err))).isZero();
    assertThat(out())
        .contains("Usage: java -jar drivetrain-outbox-<version>-runner.jar")
        .contains("peek ID")
        .contains("unblock --topic T KEY")
        .contains("DRIVETRAIN_DB_PASSWORD")
        .contains("Exit codes");
  }

  @Test
  void a_database_that_is_away_or_without_tables_is_told_apart() {
    assertThat(line("parked --url jdbc:postgresql://127.0.0.1:1/x --user u")).isEqualTo(AWAY);
    assertThat(err()).contains("The database cannot be used");
    database = postgres.createDatabase();
    assertThat(run("parked")).isEqualTo(NOTHING);
    assertThat(err()).contains("run: java -jar drivetrain-migrations-<version>-runner.jar migrate");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "paused",
        "peek",
        "peek x",
        "retry",
        "retry --key k",
        "discard --topic t",
        "unblock --topic t",
        "unblock --topic t --key-hex xyz",
        "parked --reason big",
        "parked --limit 0",
        "parked --key k",
        "pause",
        "pause --all --topic t",
        "pause --shard 1",
        "pause --shard -1",
        "resume --shard x",
        "parked --password p",
        "parked --schema Bad-Name",
        "parked --topic"
      })
  void wrong_usage_is_refused_with_a_sentence(String wrong) {
    String url = " --url " + postgres.jdbcUrl(database) + " --user " + postgres.user();
    String[] words = wrong.split(" ", 2);
    boolean argument = words.length > 1 && !words[1].startsWith("--");
    assertThat(
            line(
                argument ? wrong + url : words[0] + url + (words.length > 1 ? " " + words[1] : "")))
        .isEqualTo(WRONG_USAGE);
    assertThat(err()).isNotBlank().contains("See --help");
    assertThat(postgres.count(database, "drivetrain.outbox_pause")).isZero();
  }

  private void park(long id, String topic, String key, String value) {
    postgres.execute(
        database,
        "insert into drivetrain.outbox_dead (id, reason, error, attempts, created_at, bucket, topic,"
            + " key, payload, headers) values (?, 1, 'RecordTooLargeException', 2, now(), 7, ?, ?,"
            + " ?, '\\x00000006736f757263650000000473686f70')",
        id,
        topic,
        key == null ? null : key.getBytes(UTF_8),
        value == null ? null : value.getBytes(UTF_8));
  }

  private int line(String line) {
    return Command.run(
        line.split(" "),
        Map.of("DRIVETRAIN_DB_PASSWORD", postgres.password()),
        print(out),
        print(err));
  }

  private int run(String command, String... more) {
    out.reset();
    err.reset();
    List<String> args = new ArrayList<>(List.of(command));
    int next = 0;
    if (more.length > 0 && !more[0].startsWith("--")) {
      args.add(more[next++]);
    }
    args.addAll(List.of("--url", postgres.jdbcUrl(database), "--user", postgres.user()));
    args.addAll(List.of(more).subList(next, more.length));
    return Command.run(
        args.toArray(String[]::new),
        Map.of("DRIVETRAIN_DB_PASSWORD", postgres.password()),
        print(out),
        print(err));
  }

  private static PrintStream print(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, UTF_8);
  }

  private String out() {
    return out.toString(UTF_8);
  }

  private String err() {
    return err.toString(UTF_8);
  }
}
