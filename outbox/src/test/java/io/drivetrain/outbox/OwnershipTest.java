package io.drivetrain.outbox;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.fixture.Jta;
import io.drivetrain.outbox.fixture.Nodes;
import io.drivetrain.outbox.fixture.OtherProcess;
import io.drivetrain.outbox.fixture.Shop;
import io.drivetrain.outbox.internal.drain.OutboxNode;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who drains when nodes come, go, die and freeze; and that nothing is lost by it. */
@UseKafka
@UsePostgres
class OwnershipTest {
  private static final int KEYS = 7;
  private static final Duration LONG = Duration.ofSeconds(60);

  private final KafkaBroker kafka;
  private final Postgres postgres;
  private Shop shop;
  private Topic topic;

  OwnershipTest(KafkaBroker kafka, Postgres postgres) {
    this.kafka = kafka;
    this.postgres = postgres;
  }

  @BeforeEach
  void open() {
    shop = Shop.on(postgres);
    topic = kafka.newTopic("ownership", 2);
  }

  @AfterEach
  void close() {
    shop.close();
  }

  @Test
  void one_node_drains_and_a_graceful_stop_hands_over() throws Exception {
    OutboxNode first = shop.drain("first", kafka.bootstrapServers());
    eventually(() -> assertThat(first.now().mine()).isTrue());
    OutboxNode second = shop.drain("second", kafka.bootstrapServers());
    eventually(() -> assertThat(second.now().owner()).contains("first"));
    assertThat(second.now().mine()).isFalse();

    first.stop();

    eventually(() -> assertThat(second.now().owner()).contains("second"));
    publish(0, 10);
    eventually(() -> assertThat(topic.records()).hasSize(10));
  }

  @Test
  void a_node_whose_drainer_dies_says_so_and_another_takes_its_shard() throws Exception {
    OutboxNode sick =
        shop.drain(
            Nodes.named("a-sick", kafka.bootstrapServers())
                .producers(
                    settings -> {
                      throw new NoClassDefFoundError("org/example/Missing");
                    }));
    eventually(() -> assertThat(sick.now().problem().orElse("")).contains("org/example/Missing"));
    eventually(() -> assertThat(sick.now().mine()).isFalse());

    OutboxNode well = shop.drain("well", kafka.bootstrapServers());
    publish(0, 10);

    eventually(LONG, () -> assertThat(topic.records()).hasSize(10));
    assertThat(well.now().owner()).contains("well");
  }

  @Test
  void a_drainer_that_has_died_is_started_again_where_there_is_no_other_node() throws Exception {
    AtomicBoolean fails = new AtomicBoolean(true);
    OutboxNode node =
        shop.drain(
            Nodes.named("only", kafka.bootstrapServers())
                .lease(Duration.ofSeconds(1))
                .producers(
                    settings -> {
                      if (fails.get()) {
                        throw new OutOfMemoryError("pretended");
                      }
                      return new KafkaProducer<>(settings.producer());
                    }));
    publish(0, 10);
    eventually(() -> assertThat(node.now().problem().orElse("")).contains("pretended"));

    fails.set(false);

    eventually(LONG, () -> assertThat(topic.records()).hasSize(10));
    eventually(() -> assertThat(node.now().problem()).isEmpty());
    assertThat(node.now().mine()).isTrue();
  }

  @Test
  void a_frozen_process_is_replaced_and_does_little_harm_when_it_comes_back() throws Exception {
    int batch = 200;
    int shards = 2;
    try (OtherProcess frozen =
        OtherProcess.drain(postgres, shop, kafka, "frozen", "batch=" + batch, "shards=" + shards)) {
      eventually(
          LONG,
          () -> assertThat(frozen.lines()).anyMatch(line -> line.contains("drains shard 1 of 2")));
      publish(0, 5_000);
      eventually(
          LONG,
          () -> assertThat(topic.ends().values().stream().mapToLong(n -> n).sum()).isPositive());
      frozen.freeze();
      OutboxNode heir = drain("heir", shards);
      eventually(LONG, () -> assertThat(held(heir)).isEqualTo(shards));
      publish(5_000, 10_000);
      eventually(LONG, () -> assertThat(shop.waiting()).isZero());

      frozen.thaw();

      eventually(
          LONG,
          () -> assertThat(frozen.lines()).anyMatch(line -> line.contains("no longer drains")));
      eventually(LONG, () -> assertThat(held(heir)).as("the heir gives one back").isEqualTo(1));
      publish(10_000, 10_100);
      eventually(LONG, () -> assertThat(shop.waiting()).isZero());
    }
    List<ConsumerRecord<String, String>> records = topic.records();
    assertNothingLost(records, 10_100);
    assertThat(records.size() - 10_100).as("repeated records").isBetween(0, shards * 2 * batch);
    assertFirstOccurrencesInOrder(records);
  }

  @Test
  void shards_change_hands_and_number_and_every_key_arrives_once_and_in_order() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService writer = Executors.newSingleThreadExecutor();
    try {
      Future<Integer> published = writer.submit(() -> publishUntil(done));
      OutboxNode a = patient("a", 1);
      eventually(() -> assertThat(held(a)).isEqualTo(1));
      OutboxNode b = patient("b", 4);
      a.stop();
      OutboxNode c = patient("c", 4);
      eventually(LONG, () -> assertThat(List.of(held(b), held(c))).containsExactly(2, 2));
      OutboxNode d = patient("d", 4);
      eventually(
          LONG,
          () -> assertThat(List.of(held(b), held(c), held(d))).containsExactlyInAnyOrder(1, 1, 2));
      c.stop();
      eventually(LONG, () -> assertThat(List.of(held(b), held(d))).containsExactly(2, 2));
      b.stop();
      d.stop();
      OutboxNode e = patient("e", 3);
      eventually(LONG, () -> assertThat(held(e)).isEqualTo(3));

      done.set(true);
      int count = published.get(60, TimeUnit.SECONDS);
      eventually(LONG, () -> assertThat(shop.waiting()).isZero());
      List<ConsumerRecord<String, String>> records = topic.records();
      assertThat(records).as("nothing lost, nothing repeated").hasSize(count);
      assertNothingLost(records, count);
      assertFirstOccurrencesInOrder(records);
    } finally {
      done.set(true);
      writer.shutdownNow();
    }
  }

  /** With a lease that a slow machine cannot miss: a lost one may repeat records. */
  private OutboxNode patient(String name, int shards) {
    return shop.drain(
        Nodes.named(name, kafka.bootstrapServers()).shards(shards).lease(Duration.ofSeconds(10)));
  }

  private int publishUntil(AtomicBoolean done) throws Exception {
    int next = 0;
    while (!done.get()) {
      publish(next, next + 100);
      next += 100;
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return next;
  }

  private OutboxNode drain(String name, int shards) {
    return shop.drain(Nodes.named(name, kafka.bootstrapServers()).shards(shards));
  }

  private static int held(OutboxNode node) {
    return node.now().held();
  }

  /** Values count up; each belongs to the key that is the rest of its division. */
  private void publish(int from, int to) throws Exception {
    for (int start = from; start < to; start += 100) {
      int first = start;
      Jta.transaction(
          () -> {
            for (int value = first; value < Math.min(first + 100, to); value++) {
              shop.outbox()
                  .publish(
                      topic.name(),
                      value % KEYS,
                      Integer.toString(value).getBytes(StandardCharsets.UTF_8));
            }
          });
    }
  }

  private static void assertNothingLost(List<ConsumerRecord<String, String>> records, int count) {
    Set<Integer> values = new HashSet<>();
    records.forEach(record -> values.add(Integer.valueOf(record.value())));
    assertThat(values).hasSize(count);
  }

  /**
   * A consumer that ignores what its guard, drivetrain-id, has passed sees every value in order.
   */
  private static void assertFirstOccurrencesInOrder(List<ConsumerRecord<String, String>> records) {
    Map<String, Long> guard = new HashMap<>();
    Map<String, Integer> last = new HashMap<>();
    int taken = 0;
    for (ConsumerRecord<String, String> record : records) {
      long id =
          Long.parseLong(
              new String(
                  record.headers().lastHeader("drivetrain-id").value(), StandardCharsets.UTF_8));
      if (id > guard.getOrDefault(record.key(), 0L)) {
        guard.put(record.key(), id);
        int value = Integer.parseInt(record.value());
        Integer before = last.put(record.key(), value);
        assertThat(value)
            .isEqualTo(before == null ? Integer.parseInt(record.key()) : before + KEYS);
        taken++;
      }
    }
    assertThat(taken)
        .isEqualTo((int) records.stream().map(ConsumerRecord::value).distinct().count());
  }
}
