package io.drivetrain.connector.internal.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.Replay;
import io.drivetrain.connector.ReplayRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplayCallTest {
  private static final TopicPartition DEAD = new TopicPartition("dead", 0);

  private final Letters letters = new Letters();
  private final Sender sender = new Sender();

  @AfterEach
  void clear() {
    Thread.interrupted();
  }

  /** A consumer that is assigned its partition at the first poll, with its letters. */
  private static final class Letters extends MockConsumer<byte[], byte[]> {
    final Map<TopicPartition, Long> committed = new HashMap<>();
    RuntimeException commitFailure;

    @SuppressWarnings("deprecation") // The oldest supported clients have no other.
    Letters() {
      super(OffsetResetStrategy.EARLIEST);
      updatePartitions("dead", List.of(info("dead")));
      updatePartitions("origin", List.of(info("origin")));
    }

    private static PartitionInfo info(String topic) {
      return new PartitionInfo(topic, 0, Node.noNode(), new Node[0], new Node[0]);
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
      if (commitFailure != null) {
        throw commitFailure;
      }
      offsets.forEach((partition, offset) -> committed.put(partition, offset.offset()));
    }

    /** Letters of the topic "origin", or of nothing where the text is "no letter". */
    void hold(String... values) {
      updateBeginningOffsets(Map.of(DEAD, 0L));
      updateEndOffsets(Map.of(DEAD, (long) values.length));
      schedulePollTask(
          () -> {
            rebalance(List.of(DEAD));
            for (int i = 0; i < values.length; i++) {
              addRecord(letter(i, values[i]));
            }
          });
    }

    private static ConsumerRecord<byte[], byte[]> letter(int offset, String value) {
      Headers headers = new RecordHeaders();
      if (!value.equals("no letter")) {
        headers.add("dead-letter-topic", "origin".getBytes(UTF_8));
      }
      byte[] bytes = value.getBytes(UTF_8);
      return new ConsumerRecord<>(
          "dead",
          0,
          offset,
          0,
          TimestampType.CREATE_TIME,
          0,
          bytes.length,
          null,
          bytes,
          headers,
          Optional.empty());
    }
  }

  /** A producer whose answers the test gives, one per send. */
  private static final class Sender extends MockProducer<byte[], byte[]> {
    final Deque<CompletableFuture<RecordMetadata>> answers = new ArrayDeque<>();
    final List<String> sent = new ArrayList<>();
    Runnable onSend = () -> {};

    void answers(CompletableFuture<RecordMetadata> first) {
      answers.add(first);
    }

    void answers(
        CompletableFuture<RecordMetadata> first, CompletableFuture<RecordMetadata> second) {
      answers.add(first);
      answers.add(second);
    }

    @Override
    public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
      sent.add(new String(record.value(), UTF_8));
      onSend.run();
      return answers.remove();
    }
  }

  private static CompletableFuture<RecordMetadata> stored() {
    return CompletableFuture.completedFuture(null);
  }

  private static CompletableFuture<RecordMetadata> failed(Exception failure) {
    return CompletableFuture.failedFuture(failure);
  }

  private Replay replay(ReplayRequest request) {
    Letters origins = new Letters();
    ReplayRules rules = new ReplayRules("orders", "shop", topic -> topic.equals("origin"), request);
    return new ReplayCall(
            new Replays.Clients(() -> letters, () -> origins, () -> sender), "dead", rules, request)
        .run();
  }

  @Test
  void the_position_moves_behind_what_is_stored_or_refused() {
    letters.hold("a", "no letter", "b");
    sender.answers(stored(), stored());

    Replay replay = replay(ReplayRequest.all());

    assertThat(sender.sent).containsExactly("a", "b");
    assertThat(replay.replayed()).isEqualTo(2);
    assertThat(replay.refused()).isEqualTo(1);
    assertThat(replay.remaining()).isZero();
    assertThat(letters.committed).containsEntry(DEAD, 3L);
    assertThat(letters.closed()).isTrue();
    assertThat(sender.closed()).isTrue();
  }

  @Test
  void a_send_that_is_not_confirmed_ends_it_before_the_position_passes_and_before_the_next_send() {
    letters.hold("a", "b", "c");
    sender.answers(stored(), failed(new TimeoutException("no answer")));

    Replay replay = replay(ReplayRequest.all());

    assertThat(sender.sent).containsExactly("a", "b");
    assertThat(replay.replayed()).isEqualTo(1);
    assertThat(replay.remaining()).isEqualTo(2);
    assertThat(replay.problem().orElseThrow()).contains("0@1", "origin", "no answer");
    assertThat(letters.committed).containsEntry(DEAD, 1L);
  }

  @Test
  void a_record_that_kafka_will_never_take_is_refused_and_the_next_follows() {
    letters.hold("a", "b");
    sender.answers(failed(new RecordTooLargeException("too large")), stored());

    Replay replay = replay(ReplayRequest.all());

    assertThat(replay.refusals())
        .containsExactly(new Replay.Refusal(0, 0, "Kafka refused it: too large"));
    assertThat(replay.replayed()).isEqualTo(1);
    assertThat(letters.committed).containsEntry(DEAD, 2L);
  }

  @Test
  void a_limit_ends_it() {
    letters.hold("a", "no letter", "b", "c");
    sender.answers(stored(), stored());

    Replay replay = replay(ReplayRequest.all().limit(2));

    assertThat(sender.sent).containsExactly("a", "b");
    assertThat(replay.remaining()).isEqualTo(1);
    assertThat(replay.problem()).isEmpty();
    assertThat(letters.committed).containsEntry(DEAD, 3L);
  }

  @Test
  void its_time_ends_it_between_two_letters() {
    letters.hold("a", "b");
    sender.answers(stored(), stored());
    Duration time = Duration.ofSeconds(1);
    sender.onSend =
        () -> {
          long end = System.nanoTime() + time.toNanos();
          // One call may return early, for whatever reason.
          while (end - System.nanoTime() > 0) {
            LockSupport.parkNanos(end - System.nanoTime());
          }
        };

    Replay replay = replay(ReplayRequest.all().timeout(time));

    assertThat(replay.replayed()).isEqualTo(1);
    assertThat(replay.remaining()).isEqualTo(1);
    assertThat(replay.problem()).isEmpty();
    assertThat(letters.committed).containsEntry(DEAD, 1L);
  }

  @Test
  void what_was_stored_before_an_interrupt_is_committed() {
    letters.hold("a", "b");
    sender.answers(stored(), new CompletableFuture<>());
    sender.onSend =
        () -> {
          if (sender.sent.size() == 2) {
            Thread.currentThread().interrupt();
          }
        };

    Replay replay = replay(ReplayRequest.all());

    assertThat(Thread.interrupted()).isTrue();
    assertThat(replay.problem()).contains("it was interrupted");
    assertThat(replay.replayed()).isEqualTo(1);
    assertThat(letters.committed).containsEntry(DEAD, 1L);
  }

  @Test
  void a_commit_that_fails_is_told_and_the_letters_come_again() {
    letters.hold("a");
    letters.commitFailure = new RebalanceInProgressException("moving");
    sender.answers(stored());

    Replay replay = replay(ReplayRequest.all());

    assertThat(replay.replayed()).isEqualTo(1);
    assertThat(replay.problem().orElseThrow()).contains("moving");
    assertThat(letters.committed).isEmpty();
  }
}
