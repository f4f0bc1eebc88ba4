package io.drivetrain.outbox.internal.lease;

import io.drivetrain.outbox.internal.store.LeaseTable.Grant;
import io.drivetrain.outbox.internal.store.LeaseTable.Tenure;
import io.drivetrain.outbox.internal.store.ShardRange;

/**
 * One shard this node may drain. Changed by the owner of {@link Leases}, read by the thread that
 * drains.
 */
public final class Lease {
  /** As the tables were made. */
  public static final String STORED_PREFIX = "drivetrain-outbox-";

  private final Grant grant;

  /** When this node must stop, in nanoseconds of its monotonic clock. */
  private volatile long deadline;

  /** Never becomes false again. */
  private volatile boolean ended;

  Lease(Grant grant, long deadline) {
    this.grant = grant;
    this.deadline = deadline;
  }

  void extend(long newDeadline) {
    deadline = newDeadline;
  }

  void end() {
    ended = true;
  }

  Tenure tenure() {
    return grant.tenure();
  }

  /** The shard's number. */
  public int shard() {
    return tenure().shard();
  }

  /** Grows with each change of the shard's owner. */
  public long epoch() {
    return tenure().epoch();
  }

  /**
   * The name under which Kafka fences former owners of the shard: the same for each of them, and
   * different from that of every other shard of every other database.
   *
   * @param prefix with what it begins
   */
  public String transactionalId(String prefix) {
    return transactionalId(prefix, grant.transactionalId());
  }

  /** The same for the name in a shard's row. */
  public static String transactionalId(String prefix, String stored) {
    return prefix
        + (stored.startsWith(STORED_PREFIX) ? stored.substring(STORED_PREFIX.length()) : stored);
  }

  /** The buckets of the shard. */
  public ShardRange range() {
    return ShardRange.of(shard(), grant.shards());
  }

  /** Whether no other node can hold the shard at this moment of the monotonic clock. */
  public boolean heldAt(long now) {
    return !ended && deadline - now > 0;
  }

  @Override
  public String toString() {
    return "shard " + shard() + " of " + grant.shards() + " (epoch " + epoch() + ")";
  }
}
