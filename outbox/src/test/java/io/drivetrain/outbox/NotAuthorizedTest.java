package io.drivetrain.outbox;

import static io.drivetrain.testkit.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.fixture.Jta;
import io.drivetrain.outbox.fixture.Nodes;
import io.drivetrain.outbox.fixture.Shop;
import io.drivetrain.outbox.internal.drain.OutboxNode;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UsePostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Topics that this application may not write to, on a broker that checks. */
@UsePostgres
class NotAuthorizedTest {
  private static final Duration LONG = Duration.ofSeconds(90);
  private static final int KEYS = 5;

  private static KafkaBroker kafka;

  private final Postgres postgres;
  private Shop shop;

  NotAuthorizedTest(Postgres postgres) {
    this.postgres = postgres;
  }

  @BeforeAll
  static void startBroker() {
    kafka =
        KafkaBroker.create(
            Map.of(
                "authorizer.class.name",
                "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "allow.everyone.if.no.acl.found",
                "true"));
    kafka.start();
  }

  @AfterAll
  static void stopBroker() {
    kafka.close();
  }

  @BeforeEach
  void open() {
    shop = Shop.on(postgres);
  }

  @AfterEach
  void close() {
    shop.close();
  }

  @Test
  void only_that_topic_waits_until_the_right_is_granted() throws Exception {
    Topic forbidden = kafka.newTopic("forbidden", 1);
    Topic allowed = kafka.newTopic("allowed", 1);
    forbid(forbidden);
    OutboxNode node = shop.drain("n", kafka.bootstrapServers());

    for (String value : List.of("1", "2")) {
      Jta.transaction(
          () -> {
            shop.outbox().publish(forbidden.name(), "k", value.getBytes(UTF_8));
            shop.outbox().publish(allowed.name(), "k", value.getBytes(UTF_8));
          });
    }

    eventually(() -> assertThat(allowed.values().stream().distinct()).containsExactly("1", "2"));
    eventually(
        () ->
            assertThat(node.now().problem().orElse(""))
                .contains("topic " + forbidden.name())
                .contains("Authoriz"));
    assertThat(forbidden.values()).isEmpty();
    assertThat(shop.parked()).isZero();

    permit(forbidden);

    eventually(LONG, () -> assertThat(forbidden.values()).containsExactly("1", "2"));
    eventually(() -> assertThat(node.now().problem()).isEmpty());
  }

  @Test
  void without_the_right_to_its_transactional_id_rows_wait_and_health_names_it() throws Exception {
    Topic topic = kafka.newTopic("transactional", 1);
    AclBinding noId =
        new AclBinding(
            new ResourcePattern(ResourceType.TRANSACTIONAL_ID, "denied-", PatternType.PREFIXED),
            new AccessControlEntry(
                "User:ANONYMOUS", "*", AclOperation.WRITE, AclPermissionType.DENY));
    kafka.admin().createAcls(List.of(noId)).all().get(30, TimeUnit.SECONDS);
    OutboxNode node =
        shop.drain(Nodes.named("n", kafka.bootstrapServers()).transactional("denied-"));
    Jta.transaction(() -> shop.outbox().publish(topic.name(), "k", "1".getBytes(UTF_8)));

    eventually(
        () ->
            assertThat(node.now().problem().orElse(""))
                .contains("not authorised for transactional.id denied-"));
    assertThat(topic.values()).isEmpty();
    assertThat(shop.waiting()).isEqualTo(1);

    kafka.admin().deleteAcls(List.of(noId.toFilter())).all().get(30, TimeUnit.SECONDS);

    eventually(
        LONG,
        () ->
            assertThat(topic.committedRecords().stream().map(ConsumerRecord::value))
                .containsExactly("1"));
    eventually(() -> assertThat(node.now().problem()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_right_that_comes_and_goes_under_load_reorders_and_loses_nothing(boolean transactional)
      throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Topic moody = kafka.newTopic("moody", 2);
    Topic allowed = kafka.newTopic("allowed", 2);
    int rounds = 12;
    int events = 600;
    List<String> expected = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < events; i++) {
        expected.add(Integer.toString(round * events + i));
      }
    }
    // Requests of a few records, so that a refusal begins and ends between those of one batch.
    Nodes settings =
        Nodes.named("n", kafka.bootstrapServers())
            .batchSize(500)
            .producer("batch.size", 300)
            .producer("compression.type", "none");
    shop.drain(transactional ? settings.transactional("moody-") : settings);
    for (int round = 0; round < rounds; round++) {
      int first = round * events;
      Jta.transaction(
          () -> {
            for (String value : expected.subList(first, first + events)) {
              String key = "k" + Integer.parseInt(value) % KEYS;
              shop.outbox().publish(moody.name(), key, value.getBytes(UTF_8));
              shop.outbox().publish(allowed.name(), key, value.getBytes(UTF_8));
            }
          });
      // Something of this round has arrived, and the rest is on its way.
      long before = first;
      eventually(LONG, () -> assertThat(stored(moody)).isGreaterThan(before * 9 / 10));
      for (int i = random.nextInt(4); i >= 0; i--) {
        forbid(moody);
        TimeUnit.MILLISECONDS.sleep(random.nextInt(15));
        permit(moody);
        TimeUnit.MILLISECONDS.sleep(random.nextInt(15));
      }
    }

    eventually(LONG, () -> assertThat(shop.waiting()).isZero());

    assertThat(shop.parked()).isZero();
    for (Topic topic : List.of(moody, allowed)) {
      Map<String, List<String>> arrived = firstByKey(topic);
      for (int key = 0; key < KEYS; key++) {
        int rest = key;
        assertThat(arrived.get("k" + key))
            .as("key %d of %s, seed %d", key, topic.name(), seed)
            .isEqualTo(expected.stream().filter(v -> Integer.parseInt(v) % KEYS == rest).toList());
      }
    }
  }

  private static long stored(Topic topic) {
    return topic.ends().values().stream().mapToLong(n -> n).sum();
  }

  private static Map<String, List<String>> firstByKey(Topic topic) {
    Map<String, List<String>> arrived = new LinkedHashMap<>();
    for (ConsumerRecord<String, String> record : topic.committedRecords()) {
      List<String> values = arrived.computeIfAbsent(record.key(), key -> new ArrayList<>());
      if (!values.contains(record.value())) {
        values.add(record.value());
      }
    }
    return arrived;
  }

  private static void forbid(Topic topic) throws Exception {
    AclBinding mayRead =
        new AclBinding(
            noWrite(topic).pattern(),
            new AccessControlEntry("User:*", "*", AclOperation.ALL, AclPermissionType.ALLOW));
    kafka.admin().createAcls(List.of(noWrite(topic), mayRead)).all().get(30, TimeUnit.SECONDS);
  }

  private static void permit(Topic topic) throws Exception {
    kafka.admin().deleteAcls(List.of(noWrite(topic).toFilter())).all().get(30, TimeUnit.SECONDS);
  }

  private static AclBinding noWrite(Topic topic) {
    return new AclBinding(
        new ResourcePattern(ResourceType.TOPIC, topic.name(), PatternType.LITERAL),
        new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.WRITE, AclPermissionType.DENY));
  }
}
