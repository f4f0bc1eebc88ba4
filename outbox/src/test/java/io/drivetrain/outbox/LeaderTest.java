package io.drivetrain.outbox;

import static io.drivetrain.testkit.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.fixture.Jta;
import io.drivetrain.outbox.fixture.Nodes;
import io.drivetrain.outbox.fixture.Shop;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.KafkaCluster;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UsePostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Of three brokers one that leads partitions is killed, and another one freezes; also with
 * transactions by {@code -Ddrivetrain.outbox.steps=all}.
 */
@UsePostgres
class LeaderTest {
  private static final Duration LONG = Duration.ofSeconds(120);
  private static final int KEYS = 12;

  private static KafkaCluster cluster;

  private final Postgres postgres;

  LeaderTest(Postgres postgres) {
    this.postgres = postgres;
  }

  @BeforeAll
  static void startCluster() {
    cluster = KafkaCluster.started(3);
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  static Stream<Boolean> deliveries() {
    return StepsTest.all() ? Stream.of(false, true) : Stream.of(false);
  }

  @ParameterizedTest
  @MethodSource("deliveries")
  void when_leaders_die_and_freeze_nothing_is_lost_and_every_key_stays_in_order(
      boolean transactional) throws Exception {
    Topic topic = cluster.newTopic("leader", 6);
    try (Shop shop = Shop.on(postgres)) {
      Nodes settings = Nodes.named("n", cluster.bootstrapServers()).batchSize(100);
      shop.drain(transactional ? settings.transactional("leader-") : settings);
      publish(shop, topic, 0, 1_000);
      eventually(LONG, () -> assertThat(shop.waiting()).isLessThan(1_000));

      KafkaBroker killed = cluster.leader(topic, 0);
      killed.kill();
      publish(shop, topic, 1_000, 2_000);
      eventually(LONG, () -> assertThat(shop.waiting()).isZero());
      killed.start();

      publish(shop, topic, 2_000, 3_000);
      KafkaBroker frozen = cluster.leader(topic, 1);
      frozen.suspend();
      try {
        publish(shop, topic, 3_000, 4_000);
        eventually(LONG, () -> assertThat(shop.waiting()).isZero());
      } finally {
        frozen.resume();
      }

      // A broker that was frozen answers for a moment as if it were the leader still.
      eventually(LONG, () -> assertThat(arrivals(topic)).isEqualTo(published(4_000)));
      assertThat(shop.parked()).isZero();
    }
  }

  /** The values of each key in the order of their first arrival. */
  private static Map<String, List<Integer>> arrivals(Topic topic) {
    Map<String, Set<Integer>> arrived = new TreeMap<>();
    for (ConsumerRecord<String, String> record : topic.committedRecords()) {
      arrived
          .computeIfAbsent(record.key(), key -> new LinkedHashSet<>())
          .add(Integer.valueOf(record.value()));
    }
    Map<String, List<Integer>> arrivals = new TreeMap<>();
    arrived.forEach((key, values) -> arrivals.put(key, List.copyOf(values)));
    return arrivals;
  }

  private static Map<String, List<Integer>> published(int values) {
    Map<String, List<Integer>> published = new TreeMap<>();
    for (int value = 0; value < values; value++) {
      published
          .computeIfAbsent(Integer.toString(value % KEYS), key -> new ArrayList<>())
          .add(value);
    }
    return published;
  }

  private static void publish(Shop shop, Topic topic, int from, int to) throws Exception {
    for (int start = from; start < to; start += 100) {
      int first = start;
      Jta.transaction(
          () -> {
            for (int value = first; value < first + 100; value++) {
              shop.outbox()
                  .publish(topic.name(), value % KEYS, Integer.toString(value).getBytes(UTF_8));
            }
          });
    }
  }
}
