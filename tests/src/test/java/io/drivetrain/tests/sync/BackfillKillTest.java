package io.drivetrain.tests.sync;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.schema.Codecs;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import io.drivetrain.tests.child.ChildJvm;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process that publishes a whole table is killed, and another goes on where it stopped. */
@UseKafka
@UsePostgres
class BackfillKillTest {
  static final int ITEMS = 300;
  private static final int HELD = 150;
  private static final Duration BOUND = Duration.ofSeconds(120);

  @TempDir Path directory;
  private SyncDatabase database;
  private Topic topic;
  private final Map<String, String> settings = new LinkedHashMap<>();

  @BeforeEach
  void prepare(KafkaBroker broker, Postgres postgres) {
    database = SyncDatabase.create(postgres);
    // As another program does it: nothing is published yet.
    database.execute(
        "insert into item (id, name, amount, flag, changed) select n, 'n' || n, 0, true,"
            + " now() - interval '1 hour' + n * interval '1 second' from generate_series(1, "
            + ITEMS
            + ") n");
    topic = broker.newTopic("items", 3);
    settings.put("kafka.bootstrap.servers", broker.bootstrapServers());
    settings.put("drivetrain.outbox.data-source", "jdbc/sync");
    settings.put("drivetrain.outbox.lease", "3s");
    settings.put("drivetrain.entity-sync.published.Item.topic", topic.name());
  }

  @Test
  void a_backfill_goes_on_after_each_kill_while_its_rows_change() throws Exception {
    settings.put("drivetrain.entity-sync.backfill.batch-size", "10");
    settings.put("drivetrain.entity-sync.backfill.rows-per-second", "100");
    ChildJvm node;
    try (SyncDatabase.Held held = database.lock(HELD)) {
      assertThat(held).isNotNull();
      node = start("republish", "first");
      // In the middle of a step: it has the scan and waits for a row.
      whileLogged(node, () -> assertThat(database.scansThatWait()).contains("first"));
      node.kill();
    }
    long first = published();
    assertThat(first).isBetween(1L, (long) HELD);

    node = start("republish", "second");
    whileLogged(node, () -> assertThat(published()).isGreaterThan(first + 20));
    node.kill();
    assertThat(published()).isLessThan(ITEMS);
    assertThat(
            database.number("select count(*) from drivetrain.entity_scan where position is null"))
        .isZero();

    try (ChildJvm last = start("republish", "third")) {
      whileLogged(
          last,
          () ->
              assertThat(
                      database.number(
                          "select count(*) from drivetrain.entity_scan where finished_at is null"))
                  .isZero());
      last.say("\n");
      whileLogged(last, () -> assertThat(last.log()).contains("changed\n"));
      everythingIsSent(last);
    }
    theTopicIsTheTable();
    noOlderStateFollowsANewerOne();
    // Those that nobody changed: by the backfill alone, which has not begun anew.
    Map<String, Set<Object>> events = events();
    for (Map<String, Object> row : database.rows("select id from item where amount = 0")) {
      assertThat(events.get(row.get("id").toString())).as("item %s", row.get("id")).hasSize(1);
    }
  }

  @Test
  void another_node_takes_over_the_poller_of_one_that_is_killed() throws Exception {
    settings.put("drivetrain.entity-sync.pollers.p.entity", "Item");
    settings.put("drivetrain.entity-sync.pollers.p.timestamp", "changed");
    settings.put("drivetrain.entity-sync.pollers.p.batch-size", "10");
    settings.put("drivetrain.entity-sync.pollers.p.every", "100ms");
    settings.put("drivetrain.entity-sync.pollers.p.lag", "0s");
    Map<String, ChildJvm> nodes = new HashMap<>();
    try {
      try (SyncDatabase.Held held = database.lock(HELD)) {
        assertThat(held).isNotNull();
        nodes.put("one", start("poll", "one"));
        nodes.put("two", start("poll", "two"));
        for (ChildJvm node : nodes.values()) {
          whileLogged(node, () -> assertThat(node.log()).contains("started\n"));
        }
        String[] owner = new String[1];
        whileLogged(
            nodes.get("one"),
            () -> {
              List<Object> waiting = database.scansThatWait();
              assertThat(waiting).as("one of them has the poller").hasSize(1);
              owner[0] = (String) waiting.get(0);
            });
        nodes.remove(owner[0]).kill();
      }
      ChildJvm other = nodes.values().iterator().next();
      database.execute("update item set amount = 1, changed = clock_timestamp() where id = 7");
      whileLogged(other, () -> assertThat(published()).isEqualTo(ITEMS + 1));
      everythingIsSent(other);
    } finally {
      nodes.values().forEach(ChildJvm::close);
    }
    theTopicIsTheTable();
    noOlderStateFollowsANewerOne();
    events()
        .forEach(
            (item, ids) -> assertThat(ids).as("item %s", item).hasSize(item.equals("7") ? 2 : 1));
  }

  private ChildJvm start(String role, String name) {
    return SyncProcess.start(
        role, directory, database.jdbcUrl(name), database.user(), database.password(), settings);
  }

  private long published() {
    return database.number("select coalesce(sum(published), 0) from drivetrain.entity_scan");
  }

  private void everythingIsSent(ChildJvm node) {
    whileLogged(
        node, () -> assertThat(database.number("select count(*) from drivetrain.outbox")).isZero());
  }

  private void theTopicIsTheTable() {
    Map<String, Object> view = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : topic.rawRecords()) {
      if (record.value() == null) {
        view.remove(key(record));
      } else {
        view.put(key(record), amount(record));
      }
    }
    Map<String, Object> table = new TreeMap<>();
    database
        .rows("select id, amount from item")
        .forEach(
            row -> table.put(row.get("id").toString(), ((Number) row.get("amount")).intValue()));
    assertThat(view).isEqualTo(table);
  }

  private void noOlderStateFollowsANewerOne() {
    Map<String, Integer> last = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : topic.rawRecords()) {
      if (record.value() != null) {
        int now = amount(record);
        assertThat(now)
            .as("item %s at %d", key(record), record.offset())
            .isGreaterThanOrEqualTo(last.getOrDefault(key(record), 0));
        last.put(key(record), now);
      }
    }
  }

  /** By item the events about it; an event that was sent twice has one id. */
  private Map<String, Set<Object>> events() {
    Map<String, Set<Object>> events = new HashMap<>();
    IntStream.rangeClosed(1, ITEMS)
        .forEach(item -> events.put(Integer.toString(item), new HashSet<>()));
    for (ConsumerRecord<byte[], byte[]> record : topic.rawRecords()) {
      byte[] id = record.headers().lastHeader("drivetrain-id").value();
      events.get(key(record)).add(new String(id, StandardCharsets.UTF_8));
    }
    return events;
  }

  private static String key(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.key(), StandardCharsets.UTF_8);
  }

  private static int amount(ConsumerRecord<byte[], byte[]> record) {
    Map<?, ?> payload = (Map<?, ?>) Codecs.json().decode("items", record.value(), Map.class);
    return ((Number) payload.get("amount")).intValue();
  }

  private static void whileLogged(ChildJvm node, Runnable assertion) {
    try {
      eventually(BOUND, assertion::run);
    } catch (AssertionError e) {
      e.addSuppressed(new AssertionError(node.log()));
      throw e;
    }
  }
}
