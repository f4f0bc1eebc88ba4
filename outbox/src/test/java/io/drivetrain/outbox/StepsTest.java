package io.drivetrain.outbox;

import static io.drivetrain.testkit.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.fixture.Jta;
import io.drivetrain.outbox.fixture.Nodes;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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
  private static final int KEYS = 7;
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
      EnumSet.allOf(Step.class).forEach(step -> all.add(new Case(true, step, fate)));
      EnumSet.complementOf(EnumSet.of(Step.BEFORE_COMMIT, Step.AFTER_COMMIT))
          .forEach(step -> all.add(new Case(false, step, fate)));
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
    publish(0, 500);
    List<String> options =
        new ArrayList<>(List.of("batch=" + BATCH, LEASE, "stop-at=" + what.step()));
    if (what.transactional()) {
      options.add("transactional=steps-");
    }
    try (OtherProcess victim =
        OtherProcess.drain(postgres, shop, kafka, "victim", options.toArray(String[]::new))) {
      eventually(LONG, () -> assertThat(victim.lines()).contains("AT " + what.step()));
      publish(500, 800);
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
        publish(800, 900);
        eventually(LONG, () -> assertThat(shop.waiting()).isZero());
      }
    }
    int published = what.fate() == Fate.FREEZE ? 900 : 800;
    // With transactions, what a consumer with isolation.level=read_committed sees.
    List<ConsumerRecord<String, String>> records =
        what.transactional() ? topic.committedRecords() : topic.records();
    assertNothingLost(records, published);
    assertThat(records.size() - published).as("repeated").isBetween(0, what.repeated());
    assertGuardedConsumerSeesEachInOrder(records, published);
    assertThat(shop.parked()).isZero();
  }

  /** Values count up; each belongs to the key that is the rest of its division. */
  private void publish(int from, int to) throws Exception {
    for (int start = from; start < to; start += 50) {
      int first = start;
      Jta.transaction(
          () -> {
            for (int value = first; value < first + 50; value++) {
              shop.outbox()
                  .publish(topic.name(), value % KEYS, Integer.toString(value).getBytes(UTF_8));
            }
          });
    }
  }

  private static void assertNothingLost(List<ConsumerRecord<String, String>> records, int count) {
    Set<String> values = new HashSet<>();
    records.forEach(record -> values.add(record.value()));
    assertThat(values).hasSize(count);
  }

  /** A consumer that ignores what its guard, drivetrain-id, has passed. */
  private static void assertGuardedConsumerSeesEachInOrder(
      List<ConsumerRecord<String, String>> records, int count) {
    Map<String, Long> guard = new HashMap<>();
    Map<String, Integer> state = new HashMap<>();
    int taken = 0;
    for (ConsumerRecord<String, String> record : records) {
      long id = Long.parseLong(new String(record.headers().lastHeader("drivetrain-id").value()));
      if (id > guard.getOrDefault(record.key(), 0L)) {
        guard.put(record.key(), id);
        int value = Integer.parseInt(record.value());
        Integer before = state.put(record.key(), value);
        assertThat(value)
            .isEqualTo(before == null ? Integer.parseInt(record.key()) : before + KEYS);
        taken++;
      }
    }
    assertThat(taken).isEqualTo(count);
  }
}
