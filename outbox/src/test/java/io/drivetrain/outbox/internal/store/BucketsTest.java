package io.drivetrain.outbox.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.EncodedMessage;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BucketsTest {

  @Test
  void the_hash_of_stored_rows_never_changes() {
    assertThat(Buckets.of(message("orders", "customer-1", null))).isEqualTo(FIRST);
    assertThat(Buckets.of(message("orders", "customer-2", null))).isEqualTo(SECOND);
    assertThat(Buckets.of(message("orders", null, 3))).isEqualTo(THIRD);
  }

  private static final int FIRST = 19;
  private static final int SECOND = 39;
  private static final int THIRD = 42;

  @Test
  void keys_spread_over_all_buckets() {
    BitSet used = new BitSet();
    IntStream.range(0, 2_000).forEach(i -> used.set(Buckets.of(message("t", "k" + i, null))));
    assertThat(used.cardinality()).isEqualTo(Buckets.COUNT);
  }

  @Test
  void shards_cover_every_bucket_once() {
    for (int shards = 1; shards <= Buckets.COUNT; shards++) {
      int next = 0;
      for (int shard = 0; shard < shards; shard++) {
        ShardRange range = ShardRange.of(shard, shards);
        assertThat(range.firstBucket()).isEqualTo(next);
        assertThat(range.lastBucket()).isGreaterThanOrEqualTo(range.firstBucket());
        next = range.lastBucket() + 1;
      }
      assertThat(next).isEqualTo(Buckets.COUNT);
    }
  }

  private static EncodedMessage message(String topic, String key, Integer partition) {
    return new EncodedMessage(
        topic,
        key == null ? null : key.getBytes(StandardCharsets.UTF_8),
        null,
        List.of(),
        partition,
        null);
  }
}
