package io.drivetrain.outbox;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.fixture.Nodes;
import io.drivetrain.outbox.fixture.Shop;
import io.drivetrain.outbox.internal.drain.OutboxNode;
import io.drivetrain.outbox.internal.drain.ProducerProperties;
import io.drivetrain.outbox.internal.store.OutboxTable;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/**
 * One node works off a backlog. With the system properties {@code drivetrain.backlog.rows}, {@code
 * .batch} and {@code .rounds} it is a benchmark: rates are printed, beside that of the bare
 * producer with the same properties.
 */
@UseKafka
@UsePostgres
class BacklogTest {
  private static final int ROWS = Integer.getInteger("drivetrain.backlog.rows", 20_000);
  private static final int BATCH = Integer.getInteger("drivetrain.backlog.batch", 2_000);
  private static final int ROUNDS = Integer.getInteger("drivetrain.backlog.rounds", 1);
  private static final int KEYS = 1_000;
  private static final Duration LONG = Duration.ofMinutes(2);

  private final KafkaBroker kafka;
  private final Postgres postgres;

  BacklogTest(KafkaBroker kafka, Postgres postgres) {
    this.kafka = kafka;
    this.postgres = postgres;
  }

  @Test
  void a_backlog_arrives_complete_once_and_in_order() throws Exception {
    for (int round = 1; round <= ROUNDS; round++) {
      Topic topic = kafka.newTopic("backlog", 6);
      double bare = ROUNDS > 1 ? produce() : 0;
      double drained = drain(topic);
      System.out.printf(
          Locale.ROOT,
          "backlog of %d rows, batches of %d at most: %.0f rows/s, bare producer %.0f%n",
          ROWS,
          BATCH,
          drained,
          bare);
      assertOrder(topic.records());
    }
  }

  /** Rows per second, from the start of the node. */
  private double drain(Topic topic) throws SQLException {
    try (Shop shop = Shop.on(postgres)) {
      publish(shop, topic);
      long start = System.nanoTime();
      OutboxNode node = shop.drain(Nodes.named("n", kafka.bootstrapServers()).batchSize(BATCH));
      while (node.now().sent() < ROWS && System.nanoTime() - start < LONG.toNanos()) {
        LockSupport.parkNanos(2_000_000);
      }
      long nanos = System.nanoTime() - start;
      eventually(LONG, () -> assertThat(shop.waiting()).isZero());
      assertThat(shop.late()).isZero();
      return ROWS * 1e9 / nanos;
    }
  }

  private double produce() {
    Topic topic = kafka.newTopic("bare", 6);
    Map<String, Object> properties = new HashMap<>(ProducerProperties.defaults(1 << 20));
    properties.putAll(ProducerProperties.FIXED);
    properties.put("bootstrap.servers", kafka.bootstrapServers());
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(properties)) {
      producer.partitionsFor(topic.name());
      long start = System.nanoTime();
      for (int i = 0; i < ROWS; i++) {
        producer.send(new ProducerRecord<>(topic.name(), key(i), value(i)));
      }
      producer.flush();
      return ROWS * 1e9 / (System.nanoTime() - start);
    }
  }

  private static void publish(Shop shop, Topic topic) throws SQLException {
    OutboxTable table = new OutboxTable("drivetrain");
    try (Connection connection = shop.dataSource().getConnection()) {
      for (int from = 0; from < ROWS; from += 5_000) {
        List<EncodedMessage> messages = new ArrayList<>();
        for (int i = from; i < Math.min(from + 5_000, ROWS); i++) {
          messages.add(new EncodedMessage(topic.name(), key(i), value(i), List.of(), null, null));
        }
        table.insert(connection, messages);
      }
    }
  }

  private static byte[] key(int i) {
    return Integer.toString(i % KEYS).getBytes(StandardCharsets.UTF_8);
  }

  /** 240 bytes that do not compress to nothing. */
  private static byte[] value(int i) {
    StringBuilder text = new StringBuilder(240).append(i).append(' ');
    long random = i;
    while (text.length() < 240) {
      random = random * 6_364_136_223_846_793_005L + 1;
      text.append(Long.toString(random >>> 1, 36)).append(" item ");
    }
    return text.substring(0, 240).getBytes(StandardCharsets.UTF_8);
  }

  private static void assertOrder(List<ConsumerRecord<String, String>> records) {
    assertThat(records).hasSize(ROWS);
    Map<String, Integer> last = new HashMap<>();
    for (ConsumerRecord<String, String> record : records) {
      int value = Integer.parseInt(record.value().substring(0, record.value().indexOf(' ')));
      Integer before = last.put(record.key(), value);
      int expected = before == null ? Integer.parseInt(record.key()) : before + KEYS;
      assertThat(value).isEqualTo(expected);
    }
  }
}
