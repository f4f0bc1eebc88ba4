package io.drivetrain.testkit;

import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

@UseKafka(own = true)
class KafkaBrokerTest {

  @Test
  void a_topic_gives_back_what_was_sent(KafkaBroker broker) {
    Topic topic = broker.topic("shown", 3, Map.of("cleanup.policy", "compact"));
    topic.send(1, "k", "v");
    topic.send("h", "with header", Map.of("trace", "abc"));
    topic.tombstone("k");

    assertThat(topic.partitions()).isEqualTo(3);
    assertThat(topic.values()).containsExactlyInAnyOrder("v", "with header", null);
    assertThat(topic.ends().values().stream().mapToLong(Long::longValue).sum()).isEqualTo(3);
    assertThat(topic.records())
        .filteredOn(record -> "with header".equals(record.value()))
        .singleElement()
        .satisfies(
            record ->
                assertThat(record.headers().lastHeader("trace").value())
                    .isEqualTo("abc".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void records_of_one_partition_keep_their_order(KafkaBroker broker) {
    Topic topic = broker.newTopic("ordered", 2);
    topic.sendAll(1, List.of("a", "b", "c"));

    assertThat(topic.values()).containsExactly("a", "b", "c");
    assertThat(topic.ends()).isEqualTo(Map.of(0, 0L, 1, 3L));
  }

  @Test
  void the_last_records_are_those_of_all_partitions(KafkaBroker broker) {
    Topic topic = broker.newTopic("tail", 3);
    for (int i = 0; i < 20; i++) {
      topic.send(
          new ProducerRecord<>(
              topic.name(), i % 3, 1_000L + i, null, ("v" + i).getBytes(StandardCharsets.UTF_8)));
    }

    assertThat(topic.last(4))
        .extracting(ConsumerRecord::value)
        .containsExactly("v16", "v17", "v18", "v19");
    assertThat(topic.last(100)).hasSize(20);
    assertThat(broker.newTopic("empty", 2).last(5)).isEmpty();
  }

  @Test
  void the_last_records_are_found_behind_gaps(KafkaBroker broker) {
    Topic topic = broker.newTopic("gaps", 1);
    topic.sendAll(0, List.of("a", "b", "c", "d"));
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "markers"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.initTransactions();
      for (int i = 0; i < 5; i++) {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(topic.name(), 0, null, new byte[] {'x'}));
        producer.commitTransaction();
      }
    }

    // Every other of the last offsets holds the marker of a transaction.
    assertThat(topic.last(6))
        .extracting(ConsumerRecord::value)
        .containsExactly("d", "x", "x", "x", "x", "x");
  }

  @Test
  void records_survive_a_kill_at_the_same_address(KafkaBroker broker) {
    Topic topic = broker.newTopic("survivor", 1);
    topic.send("k", "before");
    String address = broker.bootstrapServers();
    long first = broker.pid().orElseThrow();

    broker.kill();
    assertThat(ProcessHandle.of(first)).isEmpty();
    broker.start();

    assertThat(broker.bootstrapServers()).isEqualTo(address);
    assertThat(broker.pid().orElseThrow()).isNotEqualTo(first);
    topic.send("k", "after");
    assertThat(topic.values()).containsExactly("before", "after");
  }

  @Test
  void records_survive_a_clean_restart(KafkaBroker broker) {
    Topic topic = broker.newTopic("restarted", 1);
    topic.send("k", "before");

    broker.restart();

    assertThat(topic.values()).containsExactly("before");
  }

  @Test
  void a_stopped_broker_leaves_no_process(KafkaBroker broker) {
    long pid = broker.pid().orElseThrow();

    broker.stop();

    assertThat(broker.isRunning()).isFalse();
    assertThat(broker.pid()).isEmpty();
    assertThat(ProcessHandle.of(pid)).isEmpty();
  }

  @Test
  void a_suspended_broker_answers_only_after_it_is_resumed(KafkaBroker broker) throws Exception {
    Topic topic = broker.newTopic("frozen", 1);
    topic.send("k", "before");

    broker.suspend();
    Future<RecordMetadata> sent =
        broker.producer().send(new ProducerRecord<>(topic.name(), new byte[1]));
    assertThatThrownBy(() -> sent.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
    broker.resume();

    assertThat(sent.get(30, TimeUnit.SECONDS).offset()).isEqualTo(1);
  }

  @Test
  void a_topic_is_never_created_by_use(KafkaBroker broker) {
    assertThatThrownBy(() -> broker.existingTopic("missing").partitions())
        .hasMessageContaining("missing");
  }

  @Test
  void what_never_holds_ends_with_the_last_failure() {
    assertThatThrownBy(() -> eventually(Duration.ofMillis(30), () -> assertThat(1).isEqualTo(2)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("not within 30 ms")
        .cause()
        .isInstanceOf(AssertionError.class);
  }
}
