package io.drivetrain.connector.internal.inbound;

import static io.drivetrain.connector.internal.assignment.Records.P0;
import static io.drivetrain.connector.internal.assignment.Records.pause;
import static io.drivetrain.connector.internal.assignment.Records.record;
import static io.drivetrain.connector.internal.assignment.Records.single;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.OffsetStore;
import io.drivetrain.connector.internal.assignment.Assignment;
import io.drivetrain.connector.internal.assignment.Records;
import io.drivetrain.connector.internal.assignment.Run;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** The test's thread is the poll thread. */
@SuppressWarnings("deprecation") // The oldest supported clients have no other constructors.
class ClaimsTest {
  private final Records.Clock clock = new Records.Clock();
  private final Time time = Time.of(clock);
  private final Dispatcher dispatcher =
      new Dispatcher(new Assignment(single(), pause(Duration.ofHours(1))), time);
  private final MockConsumer<byte[], byte[]> broker =
      new MockConsumer<>(OffsetResetStrategy.EARLIEST);
  private final Store store = new Store();
  private final Claims claims = new Claims("orders", "g", store, dispatcher, time);

  /** Positions in memory. */
  private static final class Store implements OffsetStore {
    final Map<TopicPartition, Long> positions = new HashMap<>();
    final Set<TopicPartition> outdated = new HashSet<>();
    boolean away;
    int claims;

    @Override
    public OptionalLong claim(String channel, String group, TopicPartition partition) {
      if (away) {
        throw new IllegalStateException("the database is away");
      }
      claims++;
      Long known = positions.get(partition);
      return known == null ? OptionalLong.empty() : OptionalLong.of(known);
    }

    @Override
    public Set<TopicPartition> outdated(String channel) {
      Set<TopicPartition> found = Set.copyOf(outdated);
      outdated.clear();
      return found;
    }

    @Override
    public void move(String channel, TopicPartition partition, long offset) {
      positions.put(partition, offset);
    }
  }

  private void assign() {
    broker.assign(List.of(P0));
    broker.updateBeginningOffsets(Map.of(P0, 3L));
    broker.updateEndOffsets(Map.of(P0, 30L));
    dispatcher.assign(List.of(P0), Map.of());
    claims.assigned(List.of(P0), broker);
  }

  private Run take(long offset) {
    dispatcher.received(new ConsumerRecords<>(Map.of(P0, List.of(record(P0, offset)))));
    return dispatcher.take();
  }

  @Test
  void a_partition_begins_where_the_store_says() {
    store.positions.put(P0, 17L);
    assign();

    assertThat(broker.position(P0)).isEqualTo(17);
    assertThat(claims.pending()).isEmpty();
    assertThat(take(17)).isNotNull();
  }

  @Test
  void a_partition_the_store_does_not_know_begins_where_kafka_says() {
    assign();

    assertThat(broker.position(P0)).isEqualTo(3);
    assertThat(take(3)).isNotNull();
  }

  @Test
  void nothing_is_fetched_or_handed_out_before_the_claim() {
    store.away = true;
    assign();
    assertThat(broker.paused()).containsExactly(P0);
    assertThat(take(3)).isNull();
    assertThat(claims.problem()).hasValueSatisfying(p -> assertThat(p).contains("is away"));

    store.away = false;
    claims.advance(broker);
    assertThat(claims.pending()).as("not at once").containsExactly(P0);

    clock.pass(Duration.ofSeconds(1));
    claims.advance(broker);
    assertThat(claims.pending()).isEmpty();
    assertThat(claims.problem()).isEmpty();
    assertThat(take(3)).isNotNull();
  }

  @Test
  void a_position_behind_the_end_is_no_position() {
    store.positions.put(P0, 31L);
    assign();

    assertThat(claims.pending()).containsExactly(P0);
    assertThat(claims.problem())
        .hasValueSatisfying(p -> assertThat(p).contains("31").contains("made anew"));
  }

  @Test
  void a_partition_that_another_has_claimed_is_claimed_again_when_its_delivery_has_ended() {
    assign();
    Run run = take(3);
    store.positions.put(P0, 9L);
    store.outdated.add(P0);
    claims.advance(broker);
    assertThat(run.isStopped()).isTrue();
    assertThat(store.claims).isEqualTo(1);

    dispatcher.returned(run);
    claims.advance(broker);
    assertThat(store.claims).isEqualTo(2);
    assertThat(broker.position(P0)).isEqualTo(9);
  }

  @Test
  void a_partition_claimed_again_before_anything_is_applied_begins_where_it_began() {
    assign();
    broker.seek(P0, 25);
    store.outdated.add(P0);
    claims.advance(broker);

    assertThat(broker.position(P0)).isEqualTo(3);
  }

  @Test
  void a_partition_that_went_away_is_not_claimed() {
    store.away = true;
    assign();
    dispatcher.drop(List.of(P0));
    store.away = false;
    clock.pass(Duration.ofSeconds(1));
    claims.advance(broker);

    assertThat(claims.pending()).isEmpty();
    assertThat(store.claims).isZero();
  }

  @Test
  void an_operators_seek_is_stored_first() {
    assign();
    claims.move(P0, 5);

    assertThat(store.positions).containsEntry(P0, 5L);
  }
}
