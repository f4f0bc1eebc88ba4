package io.drivetrain.outbox;

import java.time.Duration;
import java.util.Optional;

/**
 * How the outbox stands, for health, pages and the console. Inject it. Thread-safe; never counts
 * the whole table.
 */
public interface OutboxStatus {

  /** The state as last seen, about a second ago; never asks the database itself. */
  Snapshot now();

  /**
   * One moment of the outbox.
   *
   * @param owner the nodes that drain, separated by commas; empty if none holds a lease
   * @param mine whether this node drains
   * @param shards into how many shards the events are divided; 0 if not known yet
   * @param held how many of them this node drains
   * @param depth estimated number of rows waiting
   * @param oldest age of the oldest row waiting, empty if none
   * @param blockedKeys how many keys wait to be unblocked, counted up to 1000
   * @param deadRows how many rows are deleted and not vacuumed yet, as the server's statistics say;
   *     it grows while an old snapshot is held somewhere
   * @param sent rows this node has sent and deleted since it started
   * @param late rows this node has found only by the full read that backs up its short ones; must
   *     be 0, see the log if it is not
   * @param problem why nothing can be drained now; empty when it can
   */
  record Snapshot(
      Optional<String> owner,
      boolean mine,
      int shards,
      int held,
      long depth,
      Optional<Duration> oldest,
      long blockedKeys,
      long deadRows,
      long sent,
      long late,
      Optional<String> problem) {}
}
