package io.drivetrain.outbox.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.migrations.Migrations;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.UsePostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How PostgreSQL carries out the statements of draining, with statistics from when the table was
 * empty, and while a snapshot held elsewhere keeps dead rows in the index. Each is looked at as
 * planned for its parameters and as planned for any.
 */
@UsePostgres
class PlansTest {
  private static final int DEAD = 20_000;
  private static final int LIVING = 5_000;
  private static final Pattern BUFFERS = Pattern.compile("Buffers: shared hit=(\\d+)");

  private final Postgres postgres;
  private final OutboxTable table = new OutboxTable("drivetrain");
  private String database;
  private Database ours;

  PlansTest(Postgres postgres) {
    this.postgres = postgres;
  }

  @BeforeEach
  void createWithStaleStatistics() {
    database = postgres.createDatabase();
    new Migrations(postgres.dataSource(database), "drivetrain").migrate();
    ours = new Database(postgres.dataSource(database), 1, OutboxTable.lastDrawn("drivetrain"));
    postgres.execute(database, "analyze drivetrain.outbox");
  }

  @ParameterizedTest
  @ValueSource(strings = {"force_custom_plan", "force_generic_plan"})
  void rows_are_read_in_order_of_the_index_and_never_sorted(String mode) throws SQLException {
    insert(DEAD);

    String plan =
        ours.read(
            (connection, snapshot) ->
                explain(
                    connection,
                    mode,
                    "",
                    table.read,
                    "bigint, int, int, text[], int",
                    "0, 0, 63, '{other}', 1000"));

    assertThat(plan).contains("Index Scan using outbox_pk").doesNotContain("Seq Scan", "Sort");
  }

  @ParameterizedTest
  @ValueSource(strings = {"force_custom_plan", "force_generic_plan"})
  void a_transaction_has_its_id_before_its_first_row_has_one(String mode) throws SQLException {
    String one =
        ours.transaction(
            connection ->
                explain(
                    connection,
                    mode,
                    "VERBOSE, ",
                    table.insertOne,
                    "smallint, int, bigint, text, bytea, bytea, bytea",
                    "1, null, null, 't', 'k', 'v', null"));
    String many =
        ours.transaction(
            connection ->
                explain(
                    connection,
                    mode,
                    "VERBOSE, ",
                    table.insert,
                    "smallint[], int[], bigint[], text[], bytea[], bytea[], bytea[]",
                    "'{1,2}', '{null,null}', '{null,null}', '{t,t}', '{k,l}', '{v,w}',"
                        + " '{null,null}'"));

    // Which of its own the node looks at first is PostgreSQL's: the filter, then what it puts out.
    assertThat(lines(one)).containsSubsequence("->  Result", "Output: nextval(", "One-Time Filter");
    // Here ids are drawn above the node that puts the events in order.
    assertThat(lines(many))
        .containsSubsequence("Output: nextval(", "->  Result", "One-Time Filter");
    assertThat(one + many).contains("One-Time Filter: (pg_current_xact_id() IS NOT NULL)");
  }

  private static List<String> lines(String plan) {
    return plan.lines()
        .map(String::strip)
        .flatMap(
            line ->
                Stream.of("->  Result", "Output: nextval(", "One-Time Filter")
                    .filter(line::startsWith))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"force_custom_plan", "force_generic_plan"})
  void rows_are_deleted_parked_and_measured_through_the_index(String mode) throws SQLException {
    insert(DEAD);

    String delete =
        ours.transaction(
            connection -> explain(connection, mode, "", table.delete, "bigint[]", "'{1,2,3}'"));
    String archive =
        ours.transaction(
            connection ->
                explain(
                    connection,
                    mode,
                    "",
                    new OutboxTable("drivetrain", true).delete,
                    "bigint[]",
                    "'{1,2,3}'"));
    String park =
        ours.transaction(
            connection ->
                explain(
                    connection,
                    mode,
                    "",
                    table.park,
                    "bigint[], bigint[], smallint[], text[]",
                    "'{1,2}', '{1,2}', '{1,1}', '{a,b}'"));
    String depth =
        ours.transaction(
            connection -> explain(connection, mode, "", table.depth, "bigint, bigint", "0, 0"));

    assertThat(delete).contains("outbox_pk").doesNotContain("Seq Scan");
    assertThat(archive).contains("outbox_pk").doesNotContain("Seq Scan");
    assertThat(park).contains("outbox_pk").doesNotContain("Seq Scan");
    assertThat(depth).contains("outbox_pk").doesNotContain("Seq Scan", "Sort");
  }

  @ParameterizedTest
  @ValueSource(strings = {"force_custom_plan", "force_generic_plan"})
  void events_for_later_are_found_by_id_and_by_key_and_not_by_looking_at_all(String mode)
      throws SQLException {
    postgres.execute(
        database,
        "insert into drivetrain.outbox_later (due_at, bucket, topic, key) select clock_timestamp()"
            + " + interval '1 day', n % 64, 't', int4send(n) from generate_series(1, "
            + DEAD
            + ") n");
    ScheduledTable scheduled = new ScheduledTable("drivetrain");

    assertThat(plan(mode, scheduled.cancel, "bigint", "1")).contains("outbox_later_id");
    assertThat(plan(mode, scheduled.deliver, "bigint", "1")).contains("outbox_later_id");
    assertThat(plan(mode, scheduled.cancelKey, "text, bytea, bytea", "'t', 'k', 'k'"))
        .contains("outbox_later_key");
    assertThat(plan(mode, scheduled.cancelWithoutKey, "text", "'t'")).contains("outbox_later_key");
  }

  private String plan(String mode, String sql, String types, String values) throws SQLException {
    String plan = ours.transaction(connection -> explain(connection, mode, "", sql, types, values));
    assertThat(plan).doesNotContain("Seq Scan");
    return plan;
  }

  @ParameterizedTest
  @ValueSource(strings = {"force_custom_plan", "force_generic_plan"})
  void a_read_that_begins_behind_the_dead_rows_does_not_walk_over_them(String mode)
      throws SQLException {
    try (Connection elsewhere = postgres.dataSource(database).getConnection()) {
      holdSnapshot(elsewhere);
      insert(DEAD + LIVING);
      postgres.execute(database, "delete from drivetrain.outbox where id <= " + DEAD);
      postgres.execute(database, "vacuum drivetrain.outbox");

      int fromTheBeginning = buffers(mode, 0);
      int fromTheCursor = buffers(mode, DEAD);

      assertThat(fromTheCursor).isPositive().isLessThan(fromTheBeginning / 10);
    }
  }

  private int buffers(String mode, long above) throws SQLException {
    String plan =
        ours.read(
            (connection, snapshot) ->
                explain(
                    connection,
                    mode,
                    "ANALYZE, BUFFERS, ",
                    table.read,
                    "bigint, int, int, text[], int",
                    above + ", 0, 63, '{other}', 100"));
    Matcher found = BUFFERS.matcher(plan);
    assertThat(found.find()).as(plan).isTrue();
    return Integer.parseInt(found.group(1));
  }

  private void insert(int rows) {
    postgres.execute(
        database,
        "insert into drivetrain.outbox (bucket, topic, key, payload) select n % 64, 't',"
            + " int4send(n), int4send(n) from generate_series(1, "
            + rows
            + ") n");
  }

  private static void holdSnapshot(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    try (Statement statement = connection.createStatement()) {
      statement.execute("select 1");
    }
  }

  private static String explain(
      Connection connection, String mode, String options, String sql, String types, String values)
      throws SQLException {
    String numbered = sql;
    for (int i = 1; numbered.contains("?"); i++) {
      numbered = numbered.replaceFirst("\\?", "\\$" + i);
    }
    StringBuilder plan = new StringBuilder();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL plan_cache_mode = " + mode);
      statement.execute("PREPARE looked_at(" + types + ") AS " + numbered);
      try (ResultSet lines =
          statement.executeQuery(
              "EXPLAIN (" + options + "FORMAT TEXT) EXECUTE looked_at(" + values + ")")) {
        while (lines.next()) {
          plan.append(lines.getString(1)).append('\n');
        }
      }
    }
    return plan.toString();
  }
}
