package io.drivetrain.outbox;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.fixture.LogLines;
import io.drivetrain.outbox.fixture.Nodes;
import io.drivetrain.outbox.fixture.Numbers;
import io.drivetrain.outbox.fixture.Shop;
import io.drivetrain.outbox.fixture.Step;
import io.drivetrain.outbox.internal.drain.OutboxNode;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The only broker freezes while rows are under way: its connections stay open and nothing is
 * answered. All combinations with {@code -Ddrivetrain.outbox.steps=all}.
 */
@UseKafka(own = true)
@UsePostgres
class KafkaFrozenTest {
  private static final Duration LONG = Duration.ofSeconds(90);
  private static final int BATCH = 100;

  /**
   * How the node sends, where the broker freezes and for how long.
   *
   * @param replaced whether until the node has given up its producer
   */
  record Case(boolean transactional, Step step, boolean replaced) {

    /** What Kafka had and could not say. */
    private int repeated() {
      return transactional ? BATCH : 2 * BATCH;
    }

    @Override
    public String toString() {
      return (transactional ? "transactional " : "idempotent ")
          + step
          + (replaced ? ", beyond the send-timeout" : "");
    }
  }

  static Stream<Case> cases() {
    if (!StepsTest.all()) {
      return Stream.of(
          new Case(false, Step.IN_SEND, false),
          new Case(false, Step.IN_SEND, true),
          new Case(true, Step.BEFORE_COMMIT, true));
    }
    return Stream.of(true, false)
        .flatMap(
            replaced ->
                Stream.of(
                    new Case(false, Step.AFTER_READ, replaced),
                    new Case(false, Step.IN_SEND, replaced),
                    new Case(false, Step.BEFORE_DELETE, replaced),
                    new Case(true, Step.AFTER_READ, replaced),
                    new Case(true, Step.IN_SEND, replaced),
                    new Case(true, Step.BEFORE_COMMIT, replaced),
                    new Case(true, Step.AFTER_COMMIT, replaced)));
  }

  private final KafkaBroker kafka;
  private final Postgres postgres;
  private Shop shop;
  private Topic topic;

  KafkaFrozenTest(KafkaBroker kafka, Postgres postgres) {
    this.kafka = kafka;
    this.postgres = postgres;
  }

  @BeforeEach
  void open() {
    shop = Shop.on(postgres);
    topic = kafka.newTopic("frozen", 2);
  }

  @AfterEach
  void close() {
    kafka.resume();
    shop.close();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rows_wait_health_says_so_and_nothing_is_lost(Case what) throws Exception {
    Numbers.publish(shop, topic, 0, 500);
    Step.Halt halt = new Step.Halt(what.step());
    AtomicInteger producers = new AtomicInteger();
    Nodes settings =
        Nodes.named("n", kafka.bootstrapServers())
            .batchSize(BATCH)
            .producers(
                each -> {
                  producers.incrementAndGet();
                  return halt.in(new KafkaProducer<byte[], byte[]>(each.producer()));
                });
    OutboxNode node =
        shop.drain(what.transactional() ? settings.transactional("frozen-") : settings, halt::in);
    eventually(LONG, () -> assertThat(halt.reached()).isTrue());
    try (LogLines log = LogLines.of("io.drivetrain.outbox")) {
      kafka.suspend();
      halt.release();
      Numbers.publish(shop, topic, 500, 800);

      eventually(
          LONG,
          () -> assertThat(node.now().problem().orElse("")).contains(kafka.bootstrapServers()));
      if (what.replaced()) {
        eventually(LONG, () -> assertThat(producers.get()).isGreaterThan(1));
      }
      // Transactions go on, so the node stays ready, and the rows' age shows.
      assertThat(node.writable()).isTrue();
      eventually(() -> assertThat(node.now().oldest()).isPresent());
      assertThat(node.now().owner()).contains("n");
      kafka.resume();

      eventually(LONG, () -> assertThat(shop.waiting()).isZero());
      eventually(LONG, () -> assertThat(node.now().problem()).isEqualTo(Optional.empty()));
      assertThat(log.lines().stream().filter(line -> line.contains("its rows wait"))).hasSize(1);
      assertThat(log.lines().stream().filter(line -> line.contains("usable again"))).hasSize(1);
    }
    List<ConsumerRecord<String, String>> records =
        what.transactional() ? topic.committedRecords() : topic.records();
    Numbers.assertNothingLost(records, 800);
    assertThat(records.size() - 800).as("repeated").isBetween(0, what.repeated());
    Numbers.assertGuardedConsumerSeesEachInOrder(records, 800);
    assertThat(shop.parked()).isZero();
  }
}
