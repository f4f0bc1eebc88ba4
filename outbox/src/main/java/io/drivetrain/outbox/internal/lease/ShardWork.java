package io.drivetrain.outbox.internal.lease;

import java.time.Duration;

/**
 * Drains one shard while its lease is held: runs on a thread of its own and ends by itself when the
 * lease is over. Any thread may call the other methods; they return at once.
 */
public interface ShardWork extends Runnable {

  /** There may be something to drain. */
  void wake();

  /** No row up to this id waits in the shard. */
  long passed();

  /** Asks it to end after the batch under way, which may take this long. */
  void stop(Duration patience);
}
