package io.drivetrain.connector.internal.inbound;

import static io.drivetrain.connector.internal.assignment.Records.P0;
import static io.drivetrain.connector.internal.assignment.Records.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.PartitionState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LagWatchTest {
  private final LagWatch lags = new LagWatch();

  @SuppressWarnings("deprecation") // The oldest supported clients have no other.
  private final MockConsumer<byte[], byte[]> consumer =
      new MockConsumer<>(org.apache.kafka.clients.consumer.OffsetResetStrategy.EARLIEST);

  @BeforeEach
  void fetchTwoOfTen() {
    consumer.assign(List.of(P0));
    consumer.updateBeginningOffsets(Map.of(P0, 0L));
    consumer.updateEndOffsets(Map.of(P0, 10L));
    consumer.seek(P0, 0);
    consumer.addRecord(record(P0, 0));
    consumer.addRecord(record(P0, 1));
    consumer.poll(Duration.ZERO);
  }

  private static PartitionState state(long nextOffset, int queued) {
    return new PartitionState("orders", 0, nextOffset, queued, false, 0, false, 0, List.of());
  }

  @Test
  void what_is_not_processed_is_counted_from_where_a_commit_would_stand() {
    lags.look(consumer, List.of(P0));

    assertThat(lags.of(state(1, 1))).hasValue(9);
    assertThat(lags.of(state(10, 0))).hasValue(0);
  }

  @Test
  void before_the_first_is_processed_what_waits_in_memory_is_added() {
    lags.look(consumer, List.of(P0));

    assertThat(lags.of(state(-1, 2))).hasValue(10);
  }

  @Test
  void of_a_partition_nobody_looked_at_or_that_was_taken_away_nothing_is_known() {
    assertThat(lags.of(state(1, 1))).isEmpty();

    lags.look(consumer, List.of(P0));
    lags.look(consumer, List.of());
    assertThat(lags.of(state(1, 1))).isEmpty();
  }
}
