package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.internal.store.OutboxRow;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * How batches are handed to Kafka: each row by itself, or each batch as one transaction. Owned by
 * the draining thread.
 */
interface Sending {

  /** How many batches may be under way at once. */
  int batches();

  /** Makes a new link ready; may wait for Kafka, for {@code max.block.ms} at most. */
  default void open(KafkaLink link) {}

  /** The first of these rows that may be sent in one batch. */
  default List<OutboxRow> together(List<OutboxRow> rows) {
    return rows;
  }

  /** Whether nothing may be stored behind a row if it is refused, whatever its topic's rule. */
  default boolean holdsBack() {
    return false;
  }

  /** What the producer's thread does when nothing more may be stored. */
  Runnable onFailure(KafkaLink link);

  /** A batch is about to be sent. */
  Flight begin(KafkaLink link, Batch batch);

  /** Ends what has every answer; may wait for Kafka, for {@code max.block.ms} at most. */
  default void end(KafkaLink link, BooleanSupplier held) {}

  /** What is under way is given up: its producer is closed, and nobody ends it any more. */
  default void giveUp() {}

  /** Each row by itself. */
  final class EachRow implements Sending {
    @Override
    public int batches() {
      return 2;
    }

    @Override
    public Runnable onFailure(KafkaLink link) {
      return link::abort;
    }

    @Override
    public Flight begin(KafkaLink link, Batch batch) {
      return batch;
    }
  }
}
