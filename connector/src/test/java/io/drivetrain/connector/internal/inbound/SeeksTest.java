package io.drivetrain.connector.internal.inbound;

import static io.drivetrain.connector.internal.assignment.Records.P0;
import static io.drivetrain.connector.internal.assignment.Records.P1;
import static io.drivetrain.connector.internal.assignment.Records.pause;
import static io.drivetrain.connector.internal.assignment.Records.record;
import static io.drivetrain.connector.internal.assignment.Records.single;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.connector.internal.MapConfig;
import io.drivetrain.connector.internal.assignment.Assignment;
import io.drivetrain.connector.internal.assignment.Records;
import io.drivetrain.connector.internal.assignment.Run;
import io.drivetrain.connector.internal.settings.IncomingSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** The test's thread is the poll thread, one turn at a time. */
class SeeksTest {
  private final Time time = Time.of(new Records.Clock());
  private final Dispatcher dispatcher =
      new Dispatcher(new Assignment(single(), pause(Duration.ofHours(1))), time);
  private final Broker broker = new Broker();
  private final Commits commits = new Commits(settings(), broker, dispatcher, nobody(), time);
  private final Claims claims = new Claims("orders", "g", null, dispatcher, time);
  private Seeks seeks = new Seeks("orders", dispatcher, claims, Duration.ofMinutes(1));

  SeeksTest() {
    dispatcher.assign(List.of(P0), Map.of());
    broker.assign(List.of(P0));
    broker.updateBeginningOffsets(Map.of(P0, 3L));
    broker.updateEndOffsets(Map.of(P0, 30L));
  }

  private static Listeners nobody() {
    return new Listeners(List.of());
  }

  private static IncomingSettings settings() {
    return IncomingSettings.read(
        "orders",
        MapConfig.of("topic", "orders", "bootstrap.servers", "nowhere:9092", "group.id", "g"),
        MapConfig.of(),
        Optional::empty);
  }

  /** A consumer whose broker may be away. */
  private static final class Broker extends MockConsumer<byte[], byte[]> {
    boolean away;

    @SuppressWarnings("deprecation") // The oldest supported clients have no other.
    Broker() {
      super(OffsetResetStrategy.EARLIEST);
    }

    @Override
    public synchronized Map<TopicPartition, Long> beginningOffsets(
        java.util.Collection<TopicPartition> partitions, Duration timeout) {
      if (away) {
        throw new TimeoutException("no answer");
      }
      return super.beginningOffsets(partitions, timeout);
    }
  }

  private void turn() {
    seeks.advance(broker, commits);
  }

  @SuppressWarnings("deprecation") // The oldest supported clients have no other constructor.
  private Run taken() {
    dispatcher.received(new ConsumerRecords<>(Map.of(P0, List.of(record(P0, 10)))));
    return dispatcher.take();
  }

  private long committed() {
    return broker.committed(Set.of(P0)).get(P0).offset();
  }

  @Test
  void a_partition_goes_where_it_shall_and_that_is_committed() {
    CompletableFuture<Long> answer = seeks.ask(P0, SeekTarget.offset(7));
    assertThat(answer).isNotDone();
    turn();

    assertThat(answer).isCompletedWithValue(7L);
    assertThat(broker.position(P0)).isEqualTo(7);
    assertThat(committed()).isEqualTo(7);
  }

  @Test
  void the_beginning_and_the_end_are_where_the_broker_says() {
    CompletableFuture<Long> beginning = seeks.ask(P0, SeekTarget.beginning());
    turn();
    assertThat(beginning).isCompletedWithValue(3L);

    CompletableFuture<Long> end = seeks.ask(P0, SeekTarget.end());
    turn();
    assertThat(end).isCompletedWithValue(30L);
  }

  @Test
  void an_offset_that_does_not_exist_is_refused_and_nothing_changes() {
    Run run = taken();
    for (long offset : new long[] {2, 31}) {
      CompletableFuture<Long> answer = seeks.ask(P0, SeekTarget.offset(offset));
      turn();
      assertThatThrownBy(answer::join)
          .hasRootCauseInstanceOf(IllegalArgumentException.class)
          .hasRootCauseMessage("orders-0 has no offset " + offset + "; expected 3 to 30");
    }
    assertThat(run.isStopped()).isFalse();
  }

  @Test
  void a_delivery_in_hand_ends_first() {
    Run run = taken();
    CompletableFuture<Long> answer = seeks.ask(P0, SeekTarget.offset(7));
    turn();
    assertThat(answer).isNotDone();
    assertThat(run.isStopped()).isTrue();

    run.completed(1);
    dispatcher.returned(run);
    turn();
    assertThat(answer).isCompletedWithValue(7L);
    assertThat(committed()).isEqualTo(7);
  }

  @Test
  void a_delivery_that_does_not_end_is_ignored() {
    seeks = new Seeks("orders", dispatcher, claims, Duration.ZERO);
    Run run = taken();
    CompletableFuture<Long> answer = seeks.ask(P0, SeekTarget.offset(7));
    turn();
    assertThat(answer).isCompletedWithValue(7L);

    run.completed(1);
    dispatcher.returned(run);
    assertThat(dispatcher.toCommit()).isEmpty();
  }

  @Test
  void a_partition_that_is_taken_away_meanwhile_is_not_moved() {
    taken();
    CompletableFuture<Long> answer = seeks.ask(P0, SeekTarget.offset(7));
    turn();
    dispatcher.drop(List.of(P0));
    turn();

    assertThatThrownBy(answer::join).hasRootCauseInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_partition_of_another_node_is_refused() {
    CompletableFuture<Long> answer = seeks.ask(P1, SeekTarget.beginning());
    turn();

    assertThatThrownBy(answer::join)
        .hasRootCauseMessage("orders-1 is not assigned to this node; assigned are orders-0");
  }

  @Test
  void a_broker_that_does_not_answer_is_an_error_and_nothing_changes() {
    broker.away = true;
    CompletableFuture<Long> answer = seeks.ask(P0, SeekTarget.beginning());
    turn();

    assertThatThrownBy(answer::join)
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no broker tells the offsets of orders-0");
    assertThat(dispatcher.toCommit()).isEmpty();
  }

  @Test
  void who_gave_up_waiting_changes_nothing() {
    seeks.ask(P0, SeekTarget.offset(7)).cancel(false);
    turn();

    assertThat(dispatcher.toCommit()).isEmpty();
  }

  @Test
  void a_stop_refuses_what_waits_and_what_comes_later() {
    taken();
    CompletableFuture<Long> waiting = seeks.ask(P0, SeekTarget.offset(7));
    turn();
    seeks.close();

    assertThat(waiting).isCompletedExceptionally();
    assertThat(seeks.ask(P0, SeekTarget.offset(7))).isCompletedExceptionally();
  }
}
