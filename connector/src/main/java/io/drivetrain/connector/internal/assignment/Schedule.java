package io.drivetrain.connector.internal.assignment;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which strand of a partition delivers next: those that can take turns, in the order in which they
 * became able to; the others wait for the clock, for records or for somebody. Plain state; guarded
 * by the lock of the channel.
 */
final class Schedule {
  private final Deque<Strand> ready = new ArrayDeque<>();
  private final TreeSet<Strand> waiting = new TreeSet<>(Schedule::compareByDue);
  private final Set<Strand> failing = new HashSet<>();
  private final Set<Strand> inFlight = new HashSet<>();
  private long filings;

  /** Nanoseconds overflow: only their difference means something. */
  private static int compareByDue(Strand a, Strand b) {
    int byDue = Long.compare(a.dueNanos - b.dueNanos, 0);
    return byDue != 0 ? byDue : Long.compare(a.filing, b.filing);
  }

  /**
   * Puts a strand where it belongs, after anything about it changed; not while it is in flight.
   *
   * @param full whether no more records come for want of memory
   */
  void file(Strand strand, long now, boolean full) {
    long wait = strand.isEmpty() ? Long.MAX_VALUE : strand.waitNanos(now, full);
    if (wait == 0 && strand.place == Strand.Place.READY) {
      return;
    }
    remove(strand);
    if (strand.failure() != null) {
      failing.add(strand);
    }
    if (strand.isEmpty()) {
      strand.place = Strand.Place.NONE;
    } else if (wait == 0) {
      strand.place = Strand.Place.READY;
      ready.addLast(strand);
    } else if (wait == Long.MAX_VALUE) {
      strand.place = Strand.Place.STUCK;
    } else {
      strand.place = Strand.Place.WAITING;
      strand.dueNanos = now + wait;
      strand.filing = filings++;
      waiting.add(strand);
    }
  }

  private void remove(Strand strand) {
    switch (strand.place) {
      case READY -> ready.remove(strand);
      case WAITING -> waiting.remove(strand);
      case IN_FLIGHT -> inFlight.remove(strand);
      case NONE, STUCK -> {}
    }
    failing.remove(strand);
  }

  /** Zero if a strand can take its turn, {@link Long#MAX_VALUE} if the clock alone helps none. */
  long waitNanos(long now) {
    if (!ready.isEmpty()) {
      return 0;
    }
    return waiting.isEmpty() ? Long.MAX_VALUE : Math.max(0, waiting.first().dueNanos - now);
  }

  /** Hands out a run of the strand whose turn it is; only when {@link #waitNanos} is zero. */
  Run take(long now) {
    while (!waiting.isEmpty() && waiting.first().dueNanos - now <= 0) {
      Strand due = waiting.pollFirst();
      due.place = Strand.Place.READY;
      ready.addLast(due);
    }
    Strand next = ready.removeFirst();
    failing.remove(next);
    inFlight.add(next);
    next.place = Strand.Place.IN_FLIGHT;
    return next.take();
  }

  /** No more records come for now: strands that wait for a fuller batch take what they have. */
  void hurry(long now) {
    for (Strand strand : List.copyOf(waiting)) {
      file(strand, now, true);
    }
  }

  /** Strands of which a lane has a run. */
  Collection<Strand> inFlight() {
    return Collections.unmodifiableSet(inFlight);
  }

  /** Strands that stand at a failure, without those in flight. */
  Collection<Strand> failing() {
    return Collections.unmodifiableSet(failing);
  }
}
