package io.drivetrain.outbox;

import static io.drivetrain.testkit.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.fixture.Jta;
import io.drivetrain.outbox.fixture.Nodes;
import io.drivetrain.outbox.fixture.Numbers;
import io.drivetrain.outbox.fixture.OtherProcess;
import io.drivetrain.outbox.fixture.Shop;
import io.drivetrain.outbox.fixture.Step;
import io.drivetrain.outbox.fixture.Unanswered;
import io.drivetrain.outbox.internal.drain.OutboxNode;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The database is killed at each step of draining and comes back with its data. All combinations
 * with {@code -Ddrivetrain.outbox.steps=all}.
 */
@UseKafka
@UsePostgres(own = true)
class DatabaseStepsTest {
  private static final Duration LONG = Duration.ofSeconds(90);
  private static final Duration LEASE = Duration.ofSeconds(2);
  private static final int BATCH = 100;

  /**
   * How the node sends, and where the database dies.
   *
   * @param committed whether the step's transaction is on the disk when it dies, and only the
   *     answer is lost
   */
  record Case(boolean transactional, Step step, boolean committed) {

    /** A table that the step's transaction changes. */
    private String table() {
      return switch (step) {
        case AT_RENEWAL, AT_TAKE_OVER -> "drivetrain.outbox_shard";
        case IN_PARK -> "drivetrain.outbox_dead";
        default -> "drivetrain.outbox";
      };
    }

    private int window() {
      return transactional ? BATCH : 2 * BATCH;
    }

    @Override
    public String toString() {
      return (transactional ? "transactional " : "idempotent ")
          + step
          + (committed ? ", committed and not answered" : "");
    }
  }

  static Stream<Case> cases() {
    if (!StepsTest.all()) {
      return Stream.of(
          new Case(false, Step.IN_READ, false),
          new Case(false, Step.IN_SEND, false),
          new Case(false, Step.IN_DELETE, false),
          new Case(false, Step.IN_DELETE, true),
          new Case(false, Step.AT_TAKE_OVER, true),
          new Case(false, Step.IN_PARK, true),
          new Case(true, Step.AFTER_COMMIT, false));
    }
    List<Case> all = new ArrayList<>();
    for (boolean transactional : new boolean[] {false, true}) {
      EnumSet.range(Step.IN_READ, Step.IN_PARK).stream()
          .filter(step -> step.isOf(transactional))
          .forEach(step -> all.add(new Case(transactional, step, false)));
      Stream.of(Step.IN_DELETE, Step.AT_RENEWAL, Step.AT_TAKE_OVER, Step.IN_PARK)
          .forEach(step -> all.add(new Case(transactional, step, true)));
    }
    return all.stream();
  }

  private final KafkaBroker kafka;
  private final Postgres postgres;
  private Shop shop;
  private Topic topic;

  DatabaseStepsTest(KafkaBroker kafka, Postgres postgres) {
    this.kafka = kafka;
    this.postgres = postgres;
  }

  @BeforeEach
  void open() {
    shop = Shop.on(postgres);
    topic = kafka.newTopic("database-steps", 2);
  }

  @AfterEach
  void close() {
    postgres.start();
    shop.close();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void nothing_is_lost_and_draining_goes_on_by_itself(Case what) throws Exception {
    Numbers.publish(shop, topic, 0, 250);
    if (what.step() == Step.IN_PARK) {
      publishWhatKafkaNeverTakes();
    }
    Numbers.publish(shop, topic, 250, 500);
    int windows = 1;
    if (what.step() == Step.AT_TAKE_OVER) {
      leaveALeaseBehind(what.transactional());
      windows++;
    }
    Step.Halt halt = new Step.Halt(what.step());
    Nodes settings =
        settings(what.transactional())
            .producers(each -> halt.in(new KafkaProducer<byte[], byte[]>(each.producer())));
    OutboxNode node = shop.drain(settings, halt::in);
    eventually(LONG, () -> assertThat(halt.reached()).isTrue());
    Numbers.publish(shop, topic, 500, 800);
    if (what.committed()) {
      Unanswered commits = Unanswered.from(postgres, shop.database());
      halt.release();
      commits.await(what.table());
      commits.kill();
    } else {
      postgres.kill();
      halt.release();
    }

    eventually(LONG, () -> assertThat(node.writable()).isFalse());
    assertThat(node.now().problem().orElse("")).contains("the database cannot be used");
    postgres.start();

    eventually(LONG, () -> assertThat(node.writable()).isTrue());
    // The application's own pool may still hold dead connections; nothing remains of such a try.
    eventually(() -> Numbers.publish(shop, topic, 800, 850));
    eventually(LONG, () -> assertThat(shop.waiting()).isZero());
    eventually(LONG, () -> assertThat(node.now().problem()).isEqualTo(Optional.empty()));
    // With transactions, what a consumer with isolation.level=read_committed sees.
    List<ConsumerRecord<String, String>> records =
        what.transactional() ? topic.committedRecords() : topic.records();
    Numbers.assertNothingLost(records, 850);
    assertThat(records.size() - 850).as("repeated").isBetween(0, windows * what.window());
    Numbers.assertGuardedConsumerSeesEachInOrder(records, 850);
    assertThat(shop.parked()).isEqualTo(what.step() == Step.IN_PARK ? 1 : 0);
    assertThat(node.now().late()).isZero();
  }

  private Nodes settings(boolean transactional) {
    Nodes settings = Nodes.named("n", kafka.bootstrapServers()).batchSize(BATCH).lease(LEASE);
    return transactional ? settings.transactional("database-") : settings;
  }

  private void publishWhatKafkaNeverTakes() throws Exception {
    Jta.transaction(
        () ->
            shop.outbox()
                .message(topic.name())
                .key("bad")
                .value("v".getBytes(UTF_8))
                .partition(7)
                .publish());
  }

  /** By a node that dies when Kafka has a batch that is not deleted. */
  private void leaveALeaseBehind(boolean transactional) throws Exception {
    List<String> options =
        new ArrayList<>(
            List.of("batch=" + BATCH, "lease=" + LEASE.toSeconds(), "stop-at=BEFORE_DELETE"));
    if (transactional) {
      options.add("transactional=database-");
    }
    try (OtherProcess former =
        OtherProcess.drain(postgres, shop, kafka, "former", options.toArray(String[]::new))) {
      eventually(LONG, () -> assertThat(former.lines()).contains("AT BEFORE_DELETE"));
      former.kill();
    }
    eventually(
        () ->
            assertThat(
                    postgres.rows(
                        shop.database(),
                        "select 1 from drivetrain.outbox_shard where lease_until <"
                            + " clock_timestamp()"))
                .hasSize(1));
  }
}
