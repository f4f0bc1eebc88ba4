package io.drivetrain.connector;

import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;

/**
 * What the calling thread is processing: one record, or the batch of one partition. Inject it
 * anywhere; every call outside a delivery is an {@link IllegalStateException}. A delivery belongs
 * to the thread that runs the consumer method; take {@link #snapshot()} along into asynchronous
 * work.
 */
public interface Delivery {

  /** The channel's name, without a worker suffix. */
  String channel();

  /** The topic the records came from. */
  String topic();

  /** The partition the records came from. */
  int partition();

  /** The offset of the record, or of the first record of the batch. */
  long firstOffset();

  /** The offset of the record, or of the last record of the batch. */
  long lastOffset();

  /** How many records this delivery holds. */
  int size();

  /** The key of the (first) record as Kafka holds it, empty if it has none. */
  Optional<byte[]> key();

  /** The headers of the (first) record. */
  Headers headers();

  /** The timestamp of the (first) record. */
  Instant timestamp();

  /** 1 for the first delivery of the (first) record, one more after each failure. */
  int attempt();

  /** Why the previous attempt failed, empty at the first. */
  Optional<Throwable> lastFailure();

  /** An immutable copy that stays valid on any thread. */
  Delivery snapshot();
}
