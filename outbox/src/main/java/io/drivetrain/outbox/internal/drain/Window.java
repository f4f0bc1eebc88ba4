package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.internal.store.OutboxRow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The batches that were sent and are not yet deleted: while one is with Kafka, the one before is
 * deleted and the next one read. Owned by the draining thread; decides, and does nothing itself.
 *
 * <p>As long as all goes well each batch is dealt with by itself, in the order they were sent. If a
 * row must be sent again, or was refused and holds others back, nothing more is sent, all batches
 * are waited for and dealt with together: a later row of the same key may be in the next batch, and
 * must be sent again behind it, or not at all.
 */
final class Window {

  private final TopicRules rules;
  private final int batches;
  private final Deque<Flight> flights = new ArrayDeque<>();

  /**
   * @param batches how many there are at once, at most; so many are repeated if the process dies
   */
  Window(TopicRules rules, int batches) {
    this.rules = rules;
    this.batches = batches;
  }

  boolean isEmpty() {
    return flights.isEmpty();
  }

  /** Whether another batch may be sent now. */
  boolean hasRoom() {
    return flights.size() < batches && !failed();
  }

  private boolean failed() {
    return flights.stream().anyMatch(Flight::failed);
  }

  /** A batch is about to be sent. */
  void add(Flight flight) {
    flights.add(flight);
  }

  /** The ids of all its rows: they are still in the table and must not be sent twice. */
  Set<Long> ids() {
    Set<Long> ids = new HashSet<>();
    for (Flight flight : flights) {
      flight.rows().forEach(row -> ids.add(row.id()));
      ids.addAll(flight.omitted());
    }
    return ids;
  }

  /** How many rows are answered; changes whenever Kafka says something. */
  int answered() {
    return flights.stream().mapToInt(Flight::answered).sum();
  }

  /** When the oldest batch was sent; 0 if there is none. */
  long sentAt() {
    return flights.isEmpty() ? 0 : flights.peek().sentAt();
  }

  /** What can be dealt with now; empty if answers must be waited for. */
  Optional<Outcome> landed() {
    if (flights.isEmpty()) {
      return Optional.empty();
    }
    if (failed()) {
      return flights.stream().allMatch(Flight::landed) ? Optional.of(giveUp()) : Optional.empty();
    }
    // Asked in this order: if it failed meanwhile, all are waited for the next time.
    Flight oldest = flights.peek();
    if (!oldest.landed() || oldest.failed()) {
      return Optional.empty();
    }
    return Optional.of(outcome(List.of(flights.remove())));
  }

  /** Waits for no answer any more: what is not known to be with Kafka comes again. */
  Outcome giveUp() {
    Outcome outcome = outcome(flights);
    flights.clear();
    return outcome;
  }

  private Outcome outcome(Collection<Flight> landed) {
    List<OutboxRow> rows = new ArrayList<>();
    List<Answer> answers = new ArrayList<>();
    for (Flight each : landed) {
      rows.addAll(each.rows());
      answers.addAll(each.answers());
    }
    Outcome outcome = Outcome.of(rows, answers, rules);
    for (Flight each : landed) {
      outcome = each.complete(outcome);
    }
    return outcome;
  }
}
