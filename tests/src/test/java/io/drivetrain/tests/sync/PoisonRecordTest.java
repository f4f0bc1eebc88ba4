package io.drivetrain.tests.sync;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.Channels;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Records that cannot be applied, among others and alone, on a channel with dead letters. */
@UseKafka
@UsePostgres
class PoisonRecordTest {

  private static Map<String, String> settings(KafkaBroker broker, Topic topic, Topic dead) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("kafka.bootstrap.servers", broker.bootstrapServers());
    settings.put("drivetrain.outbox.data-source", "jdbc/sync");
    String prefix = "mp.messaging.incoming.items.";
    settings.put(prefix + "connector", "drivetrain");
    settings.put(prefix + "topic", topic.name());
    settings.put(prefix + "group.id", topic.name());
    settings.put(prefix + "batch-size", "500");
    settings.put(prefix + "batch-wait", "5s");
    settings.put(prefix + "pause-timeout", "100ms");
    settings.put(prefix + "failure-strategy", "dead-letter-queue");
    settings.put(prefix + "dead-letter-queue.topic", dead.name());
    return settings;
  }

  private static SyncNode node(SyncDatabase database, Map<String, String> settings) {
    return SyncNode.start(
        database.jdbcUrl(), database.user(), database.password(), settings, SyncApps.Items.class);
  }

  @Test
  void one_bad_record_of_500_goes_to_the_dead_letters_and_499_are_committed(
      KafkaBroker broker, Postgres postgres) {
    SyncDatabase database = SyncDatabase.create(postgres);
    Topic topic = broker.newTopic("items", 1);
    Topic dead = broker.newTopic("dead", 1);
    topic.sendAll(
        0,
        value -> value.replaceAll(".*\"amount\":(\\d+).*", "$1"),
        IntStream.range(0, 500)
            .mapToObj(
                i ->
                    "{\"amount\":"
                        + i
                        + ",\"name\":\""
                        + (i == 377 ? "much too long to be stored" : "n" + i)
                        + "\",\"flag\":true}")
            .toList());

    try (SyncNode node = node(database, settings(broker, topic, dead))) {
      eventually(() -> assertThat(database.items()).hasSize(499));
      eventually(() -> assertThat(topic.committed(topic.name())).containsEntry(0, 500L));
    }

    assertThat(dead.rawRecords())
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(new String(letter.key(), StandardCharsets.UTF_8)).isEqualTo("377");
              assertThat(header(letter, "dead-letter-offset")).isEqualTo("377");
              assertThat(header(letter, "dead-letter-exception-class-name"))
                  .contains("EntityRecordException");
              assertThat(header(letter, "dead-letter-reason"))
                  .contains(topic.name() + "-0@377: Item: ")
                  .contains("too long");
            });
    assertThat(database.number("select count(*) from item where id = 377")).isZero();
  }

  @Test
  void where_every_record_fails_none_is_given_up(KafkaBroker broker, Postgres postgres) {
    SyncDatabase database = SyncDatabase.create(postgres);
    database.execute("alter table item add constraint closed check (id < 0)");
    Topic topic = broker.newTopic("items", 1);
    Topic dead = broker.newTopic("dead", 1);
    topic.sendAll(
        0,
        value -> value.replaceAll("\\D", ""),
        List.of("{\"amount\":1}", "{\"amount\":2}", "{\"amount\":3}"));
    Map<String, String> settings = settings(broker, topic, dead);
    settings.put("mp.messaging.incoming.items.batch-size", "3");

    try (SyncNode node = node(database, settings)) {
      Channels channels = node.get(Channels.class);
      eventually(
          () ->
              assertThat(channels.state("items").partitions())
                  .anySatisfy(p -> assertThat(p.pause().orElseThrow().attempt()).isGreaterThan(2)));
      assertThat(dead.rawRecords()).isEmpty();

      database.execute("alter table item drop constraint closed");
      eventually(() -> assertThat(database.items()).hasSize(3));
    }
    assertThat(dead.rawRecords()).isEmpty();
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
