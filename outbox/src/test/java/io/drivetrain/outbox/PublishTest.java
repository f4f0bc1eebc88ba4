package io.drivetrain.outbox;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.outbox.fixture.Jta;
import io.drivetrain.outbox.fixture.Shop;
import io.drivetrain.testkit.KafkaBroker;
import io.drivetrain.testkit.Postgres;
import io.drivetrain.testkit.Topic;
import io.drivetrain.testkit.UseKafka;
import io.drivetrain.testkit.UsePostgres;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an application sees: events leave if and only if its transaction commits. */
@UseKafka
@UsePostgres
class PublishTest {
  private final KafkaBroker kafka;
  private final Postgres postgres;
  private Shop shop;

  PublishTest(KafkaBroker kafka, Postgres postgres) {
    this.kafka = kafka;
    this.postgres = postgres;
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
  void a_committed_event_reaches_kafka_and_leaves_the_table() throws Exception {
    Topic topic = kafka.newTopic("publish", 3);
    shop.drain("n1", kafka.bootstrapServers());

    Jta.transaction(() -> shop.outbox().publish(topic.name(), "k", "v".getBytes(UTF_8)));

    eventually(() -> assertThat(topic.values()).containsExactly("v"));
    eventually(() -> assertThat(shop.waiting()).isZero());
  }

  @Test
  void rollback_leaves_nothing() throws Exception {
    Topic topic = kafka.newTopic("rollback", 1);
    shop.drain("n1", kafka.bootstrapServers());

    assertThatThrownBy(
            () ->
                Jta.transaction(
                    () -> {
                      shop.outbox().publish(topic.name(), "k", bytes("lost"));
                      throw new IllegalArgumentException("no");
                    }))
        .hasMessage("no");
    Jta.transaction(() -> shop.outbox().publish(topic.name(), "k", bytes("kept")));

    eventually(() -> assertThat(topic.values()).containsExactly("kept"));
  }

  @Test
  void rollback_only_leaves_nothing_and_refuses_nothing() throws Exception {
    Jta.manager().begin();
    shop.outbox().publish("t", "k", bytes("a"));
    Jta.manager().setRollbackOnly();
    shop.outbox().publish("t", "k", bytes("b"));
    Jta.manager().rollback();

    assertThat(shop.waiting()).isZero();
  }

  @Test
  void events_of_one_transaction_keep_their_order() throws Exception {
    Topic topic = kafka.newTopic("order", 1);
    List<String> values = new ArrayList<>();
    for (int i = 0; i < 12_000; i++) {
      values.add("v" + i);
    }
    shop.drain("n1", kafka.bootstrapServers());

    Jta.transaction(
        () -> values.forEach(value -> shop.outbox().publish(topic.name(), "k", bytes(value))));

    eventually(() -> assertThat(topic.ends()).containsEntry(0, 12_000L));
    assertThat(topic.values()).isEqualTo(values);
    eventually(() -> assertThat(shop.waiting()).isZero());
  }

  @Test
  void headers_partition_timestamp_and_tombstone_arrive() throws Exception {
    Topic topic = kafka.newTopic("full", 3);
    shop.drain("n1", kafka.bootstrapServers());

    Jta.transaction(
        () ->
            shop.outbox()
                .message(topic.name())
                .key(17)
                .header("a", "ä")
                .header("b", (byte[]) null)
                .header("a", "again")
                .partition(2)
                .timestamp(Instant.ofEpochMilli(1_234))
                .publish());

    eventually(() -> assertThat(topic.records()).hasSize(1));
    ConsumerRecord<String, String> record = topic.records().get(0);
    assertThat(record.key()).isEqualTo("17");
    assertThat(record.value()).isNull();
    assertThat(record.partition()).isEqualTo(2);
    assertThat(record.timestamp()).isEqualTo(1_234);
    List<String> headers = new ArrayList<>();
    record
        .headers()
        .forEach(
            header ->
                headers.add(
                    header.key()
                        + "="
                        + (header.value() == null ? null : new String(header.value(), UTF_8))));
    assertThat(headers).hasSize(4).startsWith("a=ä", "b=null", "a=again");
    assertThat(headers.get(3)).matches("drivetrain-id=\\d+");
  }

  @Test
  void events_without_a_key_arrive_without_one() throws Exception {
    Topic topic = kafka.newTopic("keyless", 2);
    shop.drain("n1", kafka.bootstrapServers());

    Jta.transaction(
        () -> {
          for (int i = 0; i < 10; i++) {
            shop.outbox().publish(topic.name(), null, bytes("v" + i));
          }
          shop.outbox().publish(topic.name(), null, null);
        });

    eventually(() -> assertThat(topic.records()).hasSize(11));
    assertThat(topic.records()).allMatch(record -> record.key() == null);
    eventually(() -> assertThat(shop.waiting()).isZero());
    assertThat(shop.parked()).isZero();
  }

  @Test
  void the_trace_of_the_publishing_transaction_arrives_whichever_way_it_was_published()
      throws Exception {
    Topic topic = kafka.newTopic("trace", 1);
    shop.drain("n1", kafka.bootstrapServers());
    try (SdkTracerProvider provider = tracing()) {
      Span span = provider.get("shop").spanBuilder("place an order").startSpan();

      Context.current()
          .with(span)
          .wrap(
              () -> {
                Jta.transaction(
                    () -> {
                      shop.outbox().publish(topic.name(), "k", bytes("plain"));
                      slot("a", topic, "slot");
                    });
                return null;
              })
          .call();

      eventually(() -> assertThat(topic.values()).containsExactly("plain", "slot"));
      for (ConsumerRecord<String, String> record : topic.records()) {
        assertThat(new String(record.headers().lastHeader("traceparent").value(), UTF_8))
            .contains(span.getSpanContext().getTraceId())
            .contains(span.getSpanContext().getSpanId());
      }
    }
  }

  @Test
  void without_a_transaction_it_is_refused() {
    assertThatThrownBy(() -> shop.outbox().publish("t", "k", bytes("v")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no transaction is active on this thread");
  }

  @Test
  void a_topic_that_cannot_exist_is_refused() throws Exception {
    for (String topic : new String[] {"", " ", "a b", null}) {
      Jta.transaction(
          () ->
              assertThatThrownBy(() -> shop.outbox().publish(topic, "k", bytes("v")))
                  .isInstanceOf(IllegalArgumentException.class)
                  .hasMessageContaining("'" + topic + "' is no topic name"));
    }
    assertThat(shop.waiting()).isZero();
  }

  @Test
  void a_value_over_the_limit_is_refused_with_topic_size_and_limit() throws Exception {
    Jta.transaction(
        () ->
            assertThatThrownBy(() -> shop.outbox().publish("t", "k", new byte[1 << 20]))
                .isInstanceOf(MessageTooLargeException.class)
                .hasMessage(
                    "topic t: an event of 1048716 bytes is over the limit of 1048576"
                        + " (drivetrain.outbox.max-record-bytes)"));
    assertThat(shop.waiting()).isZero();
  }

  @Test
  void a_timestamp_that_kafka_does_not_take_is_refused() throws Exception {
    Jta.transaction(
        () ->
            assertThatThrownBy(
                    () -> shop.outbox().message("t").timestamp(Instant.ofEpochMilli(-1)).publish())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("topic t: the timestamp 1969-12-31T23:59:59.999Z"));
  }

  @Test
  void the_largest_allowed_value_arrives() throws Exception {
    Topic topic = kafka.newTopic("large", 1);
    shop.drain("n1", kafka.bootstrapServers());
    byte[] value = new byte[(1 << 20) - 200];
    java.util.Arrays.fill(value, (byte) 'x');

    Jta.transaction(() -> shop.outbox().publish(topic.name(), "k", value));

    eventually(() -> assertThat(topic.rawRecords()).hasSize(1));
    assertThat(topic.rawRecords().get(0).value()).isEqualTo(value);
    assertThat(shop.parked()).isZero();
  }

  @Test
  void the_table_is_never_scanned_although_its_statistics_say_it_is_empty() throws Exception {
    Topic topic = kafka.newTopic("plan", 1);
    postgres.execute(shop.database(), "analyze drivetrain.outbox");
    postgres.execute(shop.database(), "select pg_stat_reset()");
    shop.drain("n1", kafka.bootstrapServers());

    for (int i = 0; i < 20; i++) {
      Jta.transaction(
          () -> {
            for (int j = 0; j < 500; j++) {
              shop.outbox().publish(topic.name(), "k", bytes("v"));
            }
          });
    }

    eventually(() -> assertThat(topic.ends()).containsEntry(0, 10_000L));
    String scans =
        "select seq_scan, idx_scan from pg_stat_user_tables"
            + " where relid = 'drivetrain.outbox'::regclass";
    eventually(
        () ->
            assertThat((Long) postgres.rows(shop.database(), scans).get(0).get("idx_scan"))
                .isGreaterThan(10));
    assertThat(postgres.rows(shop.database(), scans).get(0)).containsEntry("seq_scan", 0L);
  }

  @Test
  void a_slot_holds_its_last_change_and_its_place_at_the_end() throws Exception {
    Topic topic = kafka.newTopic("slots", 1);
    shop.drain("n1", kafka.bootstrapServers());

    Jta.transaction(
        () -> {
          slot("a", topic, "a1");
          slot("b", topic, "b1");
          shop.outbox().publish(topic.name(), "k", bytes("x"));
          slot("a", topic, "a2");
          shop.outbox().compute("b", before -> null);
        });

    eventually(() -> assertThat(topic.values()).containsExactly("x", "a1+a2"));
  }

  private void slot(String slot, Topic topic, String value) {
    shop.outbox()
        .compute(
            slot,
            before ->
                new PendingMessages.Pending(
                    null,
                    List.of(
                        new EncodedMessage(
                            topic.name(),
                            bytes("k"),
                            bytes(
                                before == null
                                    ? value
                                    : new String(before.messages().get(0).value(), UTF_8)
                                        + "+"
                                        + value),
                            List.of(),
                            null,
                            null))));
  }

  private static final java.nio.charset.Charset UTF_8 = StandardCharsets.UTF_8;

  /** Without a processor its spans would not be valid. */
  private static SdkTracerProvider tracing() {
    return SdkTracerProvider.builder()
        .addSpanProcessor(SimpleSpanProcessor.create(InMemorySpanExporter.create()))
        .build();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
