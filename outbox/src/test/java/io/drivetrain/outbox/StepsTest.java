package io.drivetrain.outbox;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.fixture.Nodes;
import io.drivetrain.outbox.fixture.Numbers;
import io.drivetrain.outbox.fixture.OtherProcess;
import io.drivetrain.outbox.fixture.Shop;
import io.drivetrain.outbox.fixture.Step;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A draining process is killed, or frozen until long after its lease, at each step of its work. All
 * combinations with {@code -Ddrivetrain.outbox.steps=all}.
 */
@UseKafka
@UsePostgres
class StepsTest {
  private static final Duration LONG = Duration.ofSeconds(90);
  private static final int BATCH = 100;
  private static final String LEASE = "lease=2";

  /** What happens to the process. */
  enum Fate {
    KILL,
    FREEZE
  }

  /** How it sends, where it stands still and what happens to it there. */
  record Case(boolean transactional, Step step, Fate fate) {

    /** Whether Kafka may show records that the heir sends once more. */
    private int repeated() {
      if (!transactional) {
        return 2 * BATCH;
      }
      return switch (step) {
        case AFTER_READ, IN_SEND, BEFORE_COMMIT, AFTER_DELETE -> 0;
        default -> BATCH;
      };
    }

    @Override
    public String toString() {
      return (transactional ? "transactional" : "idempotent") + " " + fate + " " + step;
    }
  }

  static boolean all() {
    return "all".equals(System.getProperty("drivetrain.outbox.steps"));
  }

  static Stream<Case> cases() {
    if (!all()) {
      return Stream.of(
          new Case(false, Step.IN_SEND, Fate.KILL),
          new Case(false, Step.BEFORE_DELETE, Fate.KILL),
          new Case(false, Step.IN_DELETE, Fate.FREEZE),
          new Case(false, Step.AT_RENEWAL, Fate.FREEZE),
          new Case(true, Step.BEFORE_COMMIT, Fate.KILL),
          new Case(true, Step.BEFORE_COMMIT, Fate.FREEZE),
          new Case(true, Step.AFTER_COMMIT, Fate.KILL),
          new Case(true, Step.BEFORE_DELETE, Fate.FREEZE));
    }
    List<Case> all = new ArrayList<>();
    for (Fate fate : Fate.values()) {
      EnumSet.range(Step.AFTER_READ, Step.AT_RENEWAL)
          .forEach(
              step -> {
                all.add(new Case(true, step, fate));
                if (step.isOf(false)) {
                  all.add(new Case(false, step, fate));
                }
              });
    }
    return all.stream();
  }

  private final KafkaBroker kafka;
  private final Postgres postgres;
  private Shop shop;
  private Topic topic;

  StepsTest(KafkaBroker kafka, Postgres postgres) {
    this.kafka = kafka;
    this.postgres = postgres;
  }

  @BeforeEach
  void open() {
    shop = Shop.on(postgres);
    topic = kafka.newTopic("steps", 2);
  }

  @AfterEach
  void close() {
    shop.close();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void nothing_is_lost_and_the_window_is_repeated_at_most(Case what) throws Exception {
    Numbers.publish(shop, topic, 0, 500);
    List<String> options =
        new ArrayList<>(List.of("batch=" + BATCH, LEASE, "stop-at=" + what.step()));
    if (what.transactional()) {
      options.add("transactional=steps-");
    }
    try (OtherProcess victim =
        OtherProcess.drain(postgres, shop, kafka, "victim", options.toArray(String[]::new))) {
      eventually(LONG, () -> assertThat(victim.lines()).contains("AT " + what.step()));
      Numbers.publish(shop, topic, 500, 800);
      if (what.fate() == Fate.KILL) {
        victim.kill();
      } else {
        victim.freeze();
      }
      Nodes heir =
          Nodes.named("heir", kafka.bootstrapServers())
              .batchSize(BATCH)
              .lease(Duration.ofSeconds(2));
      shop.drain(what.transactional() ? heir.transactional("steps-") : heir);
      eventually(LONG, () -> assertThat(shop.waiting()).isZero());
      if (what.fate() == Fate.FREEZE) {
        victim.thaw();
        victim.release();
        eventually(
            LONG,
            () -> assertThat(victim.lines()).anyMatch(line -> line.contains("no longer drains")));
        Numbers.publish(shop, topic, 800, 900);
        eventually(LONG, () -> assertThat(shop.waiting()).isZero());
      }
    }
    int published = what.fate() == Fate.FREEZE ? 900 : 800;
    // With transactions, what a consumer with isolation.level=read_committed sees.
    List<ConsumerRecord<String, String>> records =
        what.transactional() ? topic.committedRecords() : topic.records();
    Numbers.assertNothingLost(records, published);
    assertThat(records.size() - published).as("repeated").isBetween(0, what.repeated());
    Numbers.assertGuardedConsumerSeesEachInOrder(records, published);
    assertThat(shop.parked()).isZero();
  }

  /** Its shard is no more then: nobody takes its transactional id, which would fence it. */
  @Test
  void who_froze_before_a_commit_cannot_end_it_after_the_number_of_shards_has_changed()
      throws Exception {
    Numbers.publish(shop, topic, 0, 500);
    while (inTheSecondOfTwoShards().isEmpty()) {
      topic = kafka.newTopic("steps", 2);
      postgres.execute(shop.database(), "delete from drivetrain.outbox");
      Numbers.publish(shop, topic, 0, 500);
    }
    // So that it is the second one's transaction that stands still.
    postgres.execute(
        shop.database(),
        "insert into drivetrain.outbox_pause (topic, first_bucket, last_bucket) values ('', 0, 31)");
    try (OtherProcess victim =
        OtherProcess.drain(
            postgres,
            shop,
            kafka,
            "victim",
            "shards=2",
            "batch=" + BATCH,
            LEASE,
            "transactional=steps-",
            "stop-at=" + Step.BEFORE_COMMIT)) {
      eventually(LONG, () -> assertThat(victim.lines()).contains("AT " + Step.BEFORE_COMMIT));
      victim.freeze();
      postgres.execute(shop.database(), "delete from drivetrain.outbox_pause");
      shop.drain(
          Nodes.named("heir", kafka.bootstrapServers())
              .batchSize(BATCH)
              .lease(Duration.ofSeconds(2))
              .shards(1)
              .transactional("steps-"));
      eventually(LONG, () -> assertThat(shop.waiting()).isZero());
      victim.thaw();
      victim.release();
      eventually(
          LONG,
          () -> assertThat(victim.lines()).anyMatch(line -> line.contains("no longer drains")));
      Numbers.publish(shop, topic, 500, 600);
      eventually(LONG, () -> assertThat(shop.waiting()).isZero());
    }
    List<ConsumerRecord<String, String>> records = topic.committedRecords();
    assertThat(records).hasSize(600);
    Numbers.assertGuardedConsumerSeesEachInOrder(records, 600);
  }

  private List<Map<String, Object>> inTheSecondOfTwoShards() {
    return postgres.rows(
        shop.database(), "select 1 from drivetrain.outbox where bucket >= 32 limit 1");
  }
}
