package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.internal.store.OutboxRow;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Rows that were sent together, and what is known of them. */
interface Flight {

  /** In the order they were sent. */
  List<OutboxRow> rows();

  /** When, in nanoseconds of a monotonic clock. */
  long sentAt();

  /** How many are answered. */
  int answered();

  /** Whether one of them must be sent again, or was refused and holds others back. */
  boolean failed();

  /** The index of the row that failed before all others; empty if none has. */
  default Optional<Integer> firstFailed() {
    return Optional.empty();
  }

  /** The answers so far, one for each row; a row without one must be sent again. */
  List<Answer> answers();

  /** Rows that were read with them and not sent, because one of them replaces each. */
  default Collection<Long> omitted() {
    return List.of();
  }

  /** What to do, with the rows that are not sent. */
  default Outcome complete(Outcome outcome) {
    return outcome;
  }

  /** Whether every row is answered. */
  default boolean landed() {
    return answered() == rows().size();
  }
}
