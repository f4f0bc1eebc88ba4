package io.drivetrain.outbox.internal.store;

/**
 * The buckets of one shard, both ends inclusive.
 *
 * @param shard 0 to the number of shards - 1
 */
public record ShardRange(int shard, int firstBucket, int lastBucket) {

  /** Of the only shard there is, if there is one. */
  public static final ShardRange ALL = of(0, 1);

  /** The range of one of {@code shards} equal shares. */
  public static ShardRange of(int shard, int shards) {
    return new ShardRange(
        shard, shard * Buckets.COUNT / shards, (shard + 1) * Buckets.COUNT / shards - 1);
  }

  /** The buckets, a bit for each. */
  public long buckets() {
    return (-1L << firstBucket) & (-1L >>> (Buckets.COUNT - 1 - lastBucket));
  }

  /** Whether any of these buckets, a bit for each, belongs to the shard. */
  public boolean meets(long buckets) {
    return (buckets & buckets()) != 0;
  }
}
