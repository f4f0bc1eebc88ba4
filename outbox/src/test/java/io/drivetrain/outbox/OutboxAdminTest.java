package io.drivetrain.outbox;

import static io.drivetrain.testkit.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.outbox.OutboxAdmin.Filter;
import io.drivetrain.outbox.OutboxAdmin.Parked;
import io.drivetrain.outbox.OutboxAdmin.Peeked;
import io.drivetrain.outbox.OutboxAdmin.Scope;
import io.drivetrain.outbox.fixture.Jta;
import io.drivetrain.outbox.fixture.Nodes;
import io.drivetrain.outbox.fixture.Shop;
import io.drivetrain.outbox.internal.drain.OutboxNode;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator does with parked rows, blocked keys and pauses. */
@UseKafka
@UsePostgres
class OutboxAdminTest {
  private final KafkaBroker kafka;
  private final Postgres postgres;
  private Shop shop;
  private OutboxAdmin admin;

  OutboxAdminTest(KafkaBroker kafka, Postgres postgres) {
    this.kafka = kafka;
    this.postgres = postgres;
  }

  @BeforeEach
  void open() {
    shop = Shop.on(postgres);
    admin = shop.admin();
  }

  @AfterEach
  void close() {
    shop.close();
  }

  @Test
  void a_row_parked_for_its_size_is_found_read_and_sent_once_the_topic_takes_it() throws Exception {
    Topic small = smallTopic();
    shop.drain("n", kafka.bootstrapServers());
    String large = incompressible(5_000);
    Jta.transaction(
        () ->
            shop.outbox()
                .message(small.name())
                .key("k")
                .value(large.getBytes(UTF_8))
                .header("source", "shop")
                .publish());
    eventually(() -> assertThat(shop.parked()).isEqualTo(1));

    Parked parked = admin.parked(Filter.all()).get(0);
    assertThat(parked.topic()).isEqualTo(small.name());
    assertThat(parked.key().orElseThrow().text()).contains("k");
    assertThat(parked.reason()).isEqualTo(ParkReason.TOO_LARGE);
    assertThat(parked.error()).contains("RecordTooLarge");
    assertThat(parked.attempts()).isEqualTo(1);
    assertThat(parked.bytes()).isEqualTo(5_000);
    Peeked peeked = admin.peek(parked.id()).orElseThrow();
    assertThat(peeked.value().orElseThrow().text()).contains(large);
    assertThat(peeked.headers()).hasSize(1);
    assertThat(peeked.headers().get(0))
        .hasToString("HeaderContent[name=source, value=Optional[shop]]");

    assertThat(admin.retry(parked.id())).isTrue();
    eventually(() -> assertThat(shop.parked()).isEqualTo(1));
    eventually(() -> assertThat(admin.parked(Filter.all()).get(0).attempts()).isEqualTo(2));

    setMaxMessageBytes(small, 100_000);
    long second = admin.parked(Filter.all()).get(0).id();
    assertThat(second).isGreaterThan(parked.id());
    assertThat(admin.retry(second)).isTrue();

    eventually(
        () -> {
          // A broker heeds the topic's new limit a little after it has confirmed it.
          admin.parked(Filter.all()).forEach(row -> admin.retry(row.id()));
          assertThat(small.values()).containsExactly(large);
        });
    ConsumerRecord<String, String> record = small.records().get(0);
    assertThat(record.key()).isEqualTo("k");
    assertThat(new String(record.headers().lastHeader("source").value(), UTF_8)).isEqualTo("shop");
    assertThat(shop.parked()).isZero();
    assertThat(admin.retry(second)).as("it is gone").isFalse();
  }

  @Test
  void parked_rows_are_listed_by_topic_key_and_reason_in_pages() {
    for (int id = 1; id <= 5; id++) {
      park(id, "a", "k" + id % 2, 1, "v");
    }
    park(6, "b", null, 2, "v");

    assertThat(ids(Filter.all())).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(ids(Filter.all().limit(2))).containsExactly(1L, 2L);
    assertThat(ids(Filter.all().after(2).limit(2))).containsExactly(3L, 4L);
    assertThat(ids(Filter.all().topic("a").key("k1"))).containsExactly(1L, 3L, 5L);
    assertThat(ids(Filter.all().topic("b"))).containsExactly(6L);
    assertThat(ids(Filter.all().reason(ParkReason.REFUSED))).containsExactly(6L);
    assertThat(ids(Filter.all().topic("c"))).isEmpty();
    assertThatThrownBy(() -> Filter.all().limit(0)).hasMessageContaining("expected 1 to 1000");
    assertThatThrownBy(() -> Filter.all().key("k")).hasMessageContaining("a topic; none is given");
  }

  @Test
  void what_is_no_text_is_shown_as_bytes() {
    postgres.execute(
        shop.database(),
        "insert into drivetrain.outbox_dead (id, reason, created_at, bucket, topic, key, payload,"
            + " headers) values (1, 99, now(), 0, 't', '\\x00ff', null, '\\x01')");

    Peeked peeked = admin.peek(1).orElseThrow();

    assertThat(peeked.row().key().orElseThrow().text()).isEmpty();
    assertThat(peeked.row().key().orElseThrow()).hasToString("0x00ff");
    assertThat(peeked.row().reason()).as("of a newer build").isEqualTo(ParkReason.OTHER);
    assertThat(peeked.value()).isEmpty();
    assertThat(peeked.headers()).as("unreadable").isEmpty();
    assertThat(admin.peek(2)).isEmpty();
  }

  @Test
  void rows_of_a_key_are_sent_again_in_their_order_and_others_stay() {
    park(5, "t", "k", 1, "second");
    park(3, "t", "k", 1, "first");
    park(4, "t", "other", 1, "other");
    park(6, "t", null, 1, "keyless");

    assertThat(admin.retryKey("t", "k")).isEqualTo(2);
    assertThat(waiting()).containsExactly("first", "second");
    assertThat(admin.retryKey("t", null)).isEqualTo(1);
    assertThat(waiting()).containsExactly("first", "second", "keyless");
    assertThat(ids(Filter.all())).containsExactly(4L);
  }

  @Test
  void a_topics_thousands_are_sent_again_in_their_order() {
    Topic topic = kafka.newTopic("again", 1);
    postgres.execute(
        shop.database(),
        "insert into drivetrain.outbox_dead (id, reason, created_at, bucket, topic, key, payload)"
            + " select n, 1, now(), 7, ?, 'k', n::text::bytea from generate_series(1, 12000) n"
            + " order by random()",
        topic.name());
    park(20_000, "other", "k", 1, "v");
    shop.drain("n", kafka.bootstrapServers());

    assertThat(admin.retryTopic(topic.name())).isEqualTo(12_000);

    eventually(() -> assertThat(topic.ends()).containsEntry(0, 12_000L));
    assertThat(topic.values())
        .isEqualTo(IntStream.rangeClosed(1, 12_000).mapToObj(Integer::toString).toList());
    assertThat(ids(Filter.all())).containsExactly(20_000L);
  }

  @Test
  void what_is_refused_once_more_is_not_taken_in_circles() {
    Topic small = smallTopic();
    String large = incompressible(5_000);
    for (int id = 1; id <= 20; id++) {
      park(id, small.name(), "k", 1, large);
    }
    shop.drain("n", kafka.bootstrapServers());

    assertThat(admin.retryTopic(small.name())).isEqualTo(20);

    eventually(() -> assertThat(shop.parked()).isEqualTo(20));
    assertThat(admin.parked(Filter.all())).allMatch(row -> row.attempts() == 2);
  }

  @Test
  void a_waiting_row_is_set_aside_only_while_it_is_paused() throws Exception {
    publish("t", "k", "v");
    long id =
        (Long) postgres.rows(shop.database(), "select id from drivetrain.outbox").get(0).get("id");

    assertThatThrownBy(() -> admin.park(id))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Row " + id + " may be on its way; pause its topic before it is parked");
    admin.pause(Scope.topic("t"), null);
    assertThat(admin.park(id)).isTrue();
    assertThat(admin.park(id)).isFalse();

    assertThat(shop.waiting()).isZero();
    assertThat(admin.parked(Filter.all()).get(0).reason()).isEqualTo(ParkReason.BY_OPERATOR);
    assertThat(admin.parked(Filter.all()).get(0).attempts()).isZero();
  }

  @Test
  void rows_are_discarded_one_by_one_or_by_key() {
    park(1, "t", "k", 1, "v");
    park(2, "t", "k", 1, "v");
    park(3, "t", "k", 1, "v");
    park(4, "t", null, 1, "v");

    assertThat(admin.discard(1)).isTrue();
    assertThat(admin.discard(1)).isFalse();
    assertThat(admin.discardKey("t", "k")).isEqualTo(2);
    assertThat(ids(Filter.all())).containsExactly(4L);
    assertThat(admin.discardKey("t", null)).isEqualTo(1);
    assertThat(shop.waiting()).isZero();
  }

  @Test
  void a_key_longer_than_an_index_takes_is_parked_and_found() throws Exception {
    Topic topic = kafka.newTopic("long-key", 1);
    shop.drain("n", kafka.bootstrapServers());
    byte[] key = new byte[5_000];
    new Random(1).nextBytes(key);

    Jta.transaction(() -> shop.outbox().message(topic.name()).key(key).partition(9).publish());

    eventually(() -> assertThat(ids(Filter.all().topic(topic.name()).key(key))).hasSize(1));
  }

  @Test
  void a_blocked_key_goes_on_with_its_parked_rows_first_and_what_was_published_since_behind()
      throws Exception {
    publish("t", "k", "waits");
    publish("t", "other", "other");
    park(-2, "t", "k", 1, "refused");
    park(-1, "t", "k", 5, "behind");
    block("t", "k");
    assertThatThrownBy(() -> admin.retry(-2))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Row -2 is of a blocked key; unblock the key");
    try (Connection underWay = shop.dataSource().getConnection()) {
      insertUncommitted(underWay, "t", "k", "under way");
      CompletableFuture<OptionalLong> unblocking =
          CompletableFuture.supplyAsync(() -> admin.unblock("t", "k"));
      eventually(() -> assertThat(lockIsAwaited()).isTrue());
      underWay.commit();

      assertThat(unblocking.get(30, TimeUnit.SECONDS)).isEqualTo(OptionalLong.of(2));
    }
    assertThat(waiting()).containsExactly("other", "refused", "behind", "waits", "under way");
    assertThat(admin.blocked()).isEmpty();
    assertThat(admin.unblock("t", "k")).as("no longer blocked").isEmpty();
  }

  @Test
  void unblocking_gives_up_if_a_transaction_stays_open_and_changes_nothing() throws Exception {
    park(-1, "t", "k", 1, "refused");
    block("t", "k");
    try (Connection underWay = shop.dataSource().getConnection()) {
      insertUncommitted(underWay, "t", "x", "in doubt");

      assertThatThrownBy(() -> admin.unblock("t", "k"))
          .isInstanceOf(OutboxException.class)
          .hasMessageContaining("Nothing was unblocked")
          .hasMessageContaining("try again later");
      underWay.rollback();
    }
    assertThat(admin.blocked()).hasSize(1);
    assertThat(shop.parked()).isEqualTo(1);
  }

  @Test
  void sending_a_key_or_topic_again_unblocks_it() {
    park(1, "t", "k", 1, "k1");
    park(2, "t", "l", 1, "l1");
    park(3, "t", "m", 1, "m1");
    block("t", "k");
    block("t", "l");
    block("other", "k");

    assertThat(admin.retryKey("t", "k")).isEqualTo(1);
    assertThat(admin.retryTopic("t")).isEqualTo(2);

    assertThat(waiting()).containsExactly("k1", "l1", "m1");
    assertThat(admin.blocked()).hasSize(1);
    assertThat(admin.blocked().get(0).topic()).isEqualTo("other");
    assertThat(admin.blocked().get(0).key()).hasToString("k");
  }

  @Test
  void a_paused_topic_waits_on_every_node_and_after_a_restart_and_the_others_go_on()
      throws Exception {
    Topic paused = kafka.newTopic("paused", 1);
    Topic other = kafka.newTopic("other", 1);
    OutboxNode node = shop.drain(quick("n1"));
    publish(paused.name(), "k", "0");
    eventually(() -> assertThat(paused.values()).containsExactly("0"));

    assertThat(admin.pause(Scope.topic(paused.name()), "their consumer is being repaired"))
        .isTrue();
    assertThat(admin.pause(Scope.topic(paused.name()), "again")).isFalse();
    eventually(
        () ->
            assertThat(node.now().problem().orElse(""))
                .contains("topic " + paused.name() + " is paused since")
                .contains("their consumer is being repaired"));
    publish(paused.name(), "k", "1");
    publish(other.name(), "k", "1");
    eventually(() -> assertThat(other.values()).containsExactly("1"));
    node.stop();
    OutboxNode next = shop.drain(quick("n2"));
    publish(other.name(), "k", "2");
    eventually(() -> assertThat(other.values()).containsExactly("1", "2"));
    assertThat(paused.values()).containsExactly("0");
    assertThat(admin.pauses()).hasSize(1);
    assertThat(admin.pauses().get(0).topic()).contains(paused.name());

    assertThat(admin.resume(Scope.topic(paused.name()))).isTrue();

    eventually(() -> assertThat(paused.values()).containsExactly("0", "1"));
    eventually(() -> assertThat(next.now().problem()).isEmpty());
    assertThat(admin.resume(Scope.topic(paused.name()))).isFalse();
  }

  @Test
  void everything_or_one_shard_is_paused_and_resumed() throws Exception {
    Topic topic = kafka.newTopic("all", 1);
    OutboxNode node = shop.drain(quick("n1").shards(2));
    eventually(() -> assertThat(node.now().shards()).isEqualTo(2));
    List<String> first = keysOf(topic, 0);
    List<String> second = keysOf(topic, 1);

    admin.pause(Scope.everything(), null);
    eventually(
        () -> assertThat(node.now().problem().orElse("")).contains("all draining is paused"));
    admin.pause(Scope.shard(1), null);
    publish(topic.name(), first.get(0), "1");
    publish(topic.name(), second.get(0), "2");
    assertThat(admin.pauses().stream().map(OutboxAdmin.Pause::shards))
        .containsExactly(List.of(), List.of(1));
    admin.resume(Scope.everything());

    eventually(() -> assertThat(topic.values()).containsExactly("1"));
    eventually(() -> assertThat(shop.waiting()).isEqualTo(1));
    admin.resume(Scope.shard(1));
    eventually(() -> assertThat(topic.values()).containsExactly("1", "2"));
    assertThatThrownBy(() -> admin.pause(Scope.shard(2), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("There is no shard 2; expected 0 to 1");
  }

  @Test
  void tables_that_are_not_there_are_said_with_what_to_run() {
    postgres.execute(shop.database(), "drop table drivetrain.outbox_dead");

    assertThatThrownBy(() -> admin.parked(Filter.all()))
        .isInstanceOf(OutboxException.class)
        .hasMessageContaining("run: java -jar drivetrain-migrations-<version>-runner.jar migrate");
  }

  private Nodes quick(String name) {
    return Nodes.named(name, kafka.bootstrapServers()).lease(Duration.ofSeconds(2));
  }

  /** Keys whose events fall into a shard of two. */
  private static List<String> keysOf(Topic topic, int shard) {
    List<String> keys = new ArrayList<>();
    for (int i = 0; keys.size() < 3; i++) {
      EncodedMessage message =
          new EncodedMessage(topic.name(), ("k" + i).getBytes(UTF_8), null, List.of(), null, null);
      if (io.drivetrain.outbox.internal.store.Buckets.of(message) / 32 == shard) {
        keys.add("k" + i);
      }
    }
    return keys;
  }

  private Topic smallTopic() {
    return kafka.topic("small-" + System.nanoTime(), 1, Map.of("max.message.bytes", "1000"));
  }

  private void setMaxMessageBytes(Topic topic, int bytes) throws Exception {
    kafka
        .admin()
        .incrementalAlterConfigs(
            Map.of(
                new ConfigResource(ConfigResource.Type.TOPIC, topic.name()),
                List.of(
                    new AlterConfigOp(
                        new ConfigEntry("max.message.bytes", Integer.toString(bytes)),
                        AlterConfigOp.OpType.SET))))
        .all()
        .get(30, TimeUnit.SECONDS);
  }

  private void publish(String topic, String key, String value) throws Exception {
    Jta.transaction(() -> shop.outbox().publish(topic, key, value.getBytes(UTF_8)));
  }

  private void park(long id, String topic, String key, int reason, String value) {
    postgres.execute(
        shop.database(),
        "insert into drivetrain.outbox_dead (id, reason, error, attempts, created_at, bucket, topic,"
            + " key, payload) values (?, ?, 'no', 1, now(), 7, ?, ?, ?)",
        id,
        (short) reason,
        topic,
        key == null ? null : key.getBytes(UTF_8),
        value.getBytes(UTF_8));
  }

  private void block(String topic, String key) {
    postgres.execute(
        shop.database(),
        "insert into drivetrain.outbox_blocked (topic, key, bucket, row_id) values (?, ?, 7, 1)",
        topic,
        key.getBytes(UTF_8));
  }

  private static void insertUncommitted(
      Connection connection, String topic, String key, String value) throws Exception {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "insert into drivetrain.outbox (bucket, topic, key, payload) values (7, '"
              + topic
              + "', '"
              + key
              + "', '"
              + value
              + "')");
    }
  }

  private boolean lockIsAwaited() {
    return !postgres
        .rows(
            shop.database(),
            "select 1 from pg_locks where not granted and mode = 'ShareRowExclusiveLock'")
        .isEmpty();
  }

  private List<String> waiting() {
    return postgres
        .rows(
            shop.database(),
            "select convert_from(payload, 'UTF8') as v from drivetrain.outbox order by id")
        .stream()
        .map(row -> row.get("v").toString())
        .toList();
  }

  private List<Long> ids(Filter filter) {
    return admin.parked(filter).stream().map(Parked::id).toList();
  }

  private static String incompressible(int length) {
    StringBuilder text = new StringBuilder();
    new Random(1).ints(length, '!', '~').forEach(character -> text.append((char) character));
    return text.toString();
  }
}
