package io.drivetrain.outbox;

import io.drivetrain.schema.Keys;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What operators do: look at parked rows, send them again or discard them, let blocked keys go on,
 * pause and resume. Inject it, on any node, whether it drains or not. Thread-safe.
 *
 * <p>Each call is a transaction of its own, apart from the caller's; what it did outlasts a
 * restart. Every method throws {@link OutboxException} if the database cannot be used, and then has
 * changed nothing. Keys are given as to {@link Outbox#publish}. The same commands are on the
 * command line, see docs/outbox.md.
 */
public interface OutboxAdmin {

  /** Parked rows in order of id; the next page begins after the last one's. */
  List<Parked> parked(Filter filter);

  /** One parked row with all it holds; empty if there is none of that id. */
  Optional<Peeked> peek(long id);

  /**
   * Sends a parked row again, as a new one: with a new id, behind whatever waits.
   *
   * @return whether there was such a row
   * @throws IllegalStateException if its key is blocked: unblock that, which keeps the order
   */
  boolean retry(long id);

  /**
   * Sends all parked rows of a key again, in their order. If the key is blocked it is unblocked.
   *
   * @param key null for rows without one
   * @return how many there were
   */
  int retryKey(String topic, Object key);

  /**
   * Sends all parked rows of a topic again, in their order, and unblocks its keys.
   *
   * @return how many there were
   */
  int retryTopic(String topic);

  /**
   * Sets a waiting row aside, for example the one at which its topic has stopped, so that those
   * behind it go on without it once they are resumed.
   *
   * @return whether there was such a row
   * @throws IllegalStateException if its topic is not paused: it may be on its way to Kafka
   */
  boolean park(long id);

  /**
   * Deletes a parked row for good.
   *
   * @return whether there was such a row
   */
  boolean discard(long id);

  /**
   * Deletes all parked rows of a key for good. A blocked key stays blocked.
   *
   * @param key null for rows without one
   * @return how many there were
   */
  int discardKey(String topic, Object key);

  /** Blocked keys, the longest blocked first, at most 1000. */
  List<BlockedKey> blocked();

  /**
   * Lets a blocked key go on: its parked rows first, in their order, then what was published since.
   * Transactions that publish wait meanwhile, for 3 s at most and usually not noticeably.
   *
   * @return how many parked rows are sent again; empty if the key is not blocked
   * @throws OutboxException also if transactions that have published stay open; try again later
   */
  OptionalLong unblock(String topic, Object key);

  /**
   * Events for later that wait until they are due, the next one first.
   *
   * @param filter one with a reason is refused, as is one that begins after a row that no longer
   *     waits
   * @throws IllegalArgumentException if it is refused
   */
  List<Scheduled> scheduled(Filter filter);

  /**
   * Deletes an event for later for good, before it is due.
   *
   * @return whether there was one; not if it was due and is on its way
   */
  boolean cancel(long id);

  /**
   * Deletes all events for later of a key for good.
   *
   * @param key null for those without one
   * @return how many there were
   */
  int cancelKey(String topic, Object key);

  /**
   * Makes an event for later due now: it takes its place behind whatever waits.
   *
   * @return whether there was one
   */
  boolean deliverNow(long id);

  /** What is paused, also by the policy {@code stop}, the longest paused first. */
  List<Pause> pauses();

  /**
   * Sends nothing more of a scope, on all nodes, after the batches under way; events are taken and
   * wait. This node heeds it at once, the others within a tenth of {@code drivetrain.outbox.lease}.
   *
   * @param reason for those who come across it; may be null
   * @return false if exactly this scope was paused already, and then keeps its reason
   * @throws IllegalArgumentException if there is no such shard
   */
  boolean pause(Scope scope, String reason);

  /**
   * Ends the pause of exactly this scope; others stay. That of a topic also ends its stops.
   *
   * @return whether anything was paused
   * @throws IllegalArgumentException if there is no such shard
   */
  boolean resume(Scope scope);

  /**
   * Which parked rows, or events for later, to list.
   *
   * @param topic null for all
   * @param key null for all
   * @param reason null for all
   * @param after rows behind the one with this id only; 0 for all
   * @param limit how many at most, 1 to 1000
   */
  record Filter(String topic, byte[] key, ParkReason reason, long after, int limit) {

    /** Refuses a limit out of bounds. */
    public Filter {
      if (limit < 1 || limit > 1_000) {
        throw new IllegalArgumentException("limit is " + limit + "; expected 1 to 1000");
      }
      if (key != null && topic == null) {
        throw new IllegalArgumentException("a key is looked for in a topic; none is given");
      }
    }

    /** The first 100 of all. */
    public static Filter all() {
      return new Filter(null, null, null, 0, 100);
    }

    /** Of one topic. */
    public Filter topic(String newTopic) {
      return new Filter(newTopic, key, reason, after, limit);
    }

    /** Of one key, plain or as its bytes; the topic must be set before. */
    public Filter key(Object newKey) {
      return new Filter(topic, Keys.encode(topic, newKey), reason, after, limit);
    }

    /** Parked for one reason. */
    public Filter reason(ParkReason newReason) {
      return new Filter(topic, key, newReason, after, limit);
    }

    /** The page behind this id. */
    public Filter after(long id) {
      return new Filter(topic, key, reason, id, limit);
    }

    /** A page of this size, 1 to 1000. */
    public Filter limit(int newLimit) {
      return new Filter(topic, key, reason, after, newLimit);
    }
  }

  /**
   * A parked row without its value and headers.
   *
   * @param id also the record's {@code drivetrain-id}, had it been sent
   * @param key empty for none
   * @param partition empty unless it was explicit
   * @param published when the event was written, or last sent again
   * @param attempts how often Kafka refused it
   * @param error what Kafka said
   * @param bytes of the value; -1 for a tombstone
   */
  record Parked(
      long id,
      String topic,
      Optional<Content> key,
      Optional<Integer> partition,
      Instant published,
      Instant parked,
      ParkReason reason,
      String error,
      int attempts,
      int bytes) {}

  /**
   * An event for later without its value and headers.
   *
   * @param id to cancel it by; its {@code drivetrain-id} is drawn when it is due
   * @param key empty for none
   * @param partition empty unless it was explicit
   * @param published when the event was written
   * @param due when it is to be delivered, by the database's clock
   * @param bytes of the value; -1 for a tombstone
   */
  record Scheduled(
      long id,
      String topic,
      Optional<Content> key,
      Optional<Integer> partition,
      Instant published,
      Instant due,
      int bytes) {}

  /**
   * A parked row with all it holds.
   *
   * @param headers in order; empty if they cannot be read, and then the error says so
   * @param value empty for a tombstone
   * @param timestamp empty for the time of sending
   */
  record Peeked(
      Parked row,
      List<HeaderContent> headers,
      Optional<Content> value,
      Optional<Instant> timestamp) {

    /** Copies the list. */
    public Peeked {
      headers = List.copyOf(headers);
    }
  }

  /**
   * A record header.
   *
   * @param value empty for null
   */
  record HeaderContent(String name, Optional<Content> value) {}

  /**
   * A key whose later rows are all parked.
   *
   * @param row the row that was refused
   */
  record BlockedKey(String topic, Content key, Instant since, long row) {}

  /**
   * What is not sent now.
   *
   * @param topic empty for every topic
   * @param shards which shards; empty for all
   * @param stoppedAt the row at which the topic stopped by itself; empty if an operator paused it
   * @param reason empty if none was given
   */
  record Pause(
      Optional<String> topic,
      List<Integer> shards,
      Instant since,
      OptionalLong stoppedAt,
      Optional<String> reason) {

    /** Copies the list. */
    public Pause {
      shards = List.copyOf(shards);
    }
  }

  /**
   * What to pause or resume.
   *
   * @param topic null for every topic
   * @param shard null for all; of those in effect now. If their number changes, whatever shard has
   *     any of its events is paused
   */
  record Scope(String topic, Integer shard) {

    /** All draining. */
    public static Scope everything() {
      return new Scope(null, null);
    }

    /** One topic. */
    public static Scope topic(String topic) {
      return new Scope(topic, null);
    }

    /** One shard, from 0. */
    public static Scope shard(int shard) {
      return new Scope(null, shard);
    }

    @Override
    public String toString() {
      if (topic == null && shard == null) {
        return "everything";
      }
      return (topic == null ? "" : "topic " + topic + (shard == null ? "" : ", "))
          + (shard == null ? "" : "shard " + shard);
    }
  }
}
