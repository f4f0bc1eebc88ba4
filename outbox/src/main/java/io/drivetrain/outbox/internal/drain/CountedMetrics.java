package io.drivetrain.outbox.internal.drain;

import io.drivetrain.outbox.ParkReason;
import io.drivetrain.outbox.internal.observe.Metrics;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** Counts what health shows, and passes all on to whatever measures this node. Thread-safe. */
final class CountedMetrics implements Metrics {
  private final LongAdder sent = new LongAdder();
  private final LongAdder late = new LongAdder();
  private volatile Metrics others = Metrics.NONE;

  /** From now on these hear of it, too. */
  void tell(Metrics newOthers) {
    others = newOthers;
  }

  long sent() {
    return sent.sum();
  }

  long late() {
    return late.sum();
  }

  @Override
  public void sent(int events) {
    sent.add(events);
    others.sent(events);
  }

  @Override
  public void late(long events) {
    late.add(events);
    others.late(events);
  }

  @Override
  public void batch(int events, Duration took) {
    others.batch(events, took);
  }

  @Override
  public void deleted(Duration took) {
    others.deleted(took);
  }

  @Override
  public void parked(ParkReason reason, int events) {
    others.parked(reason, events);
  }

  @Override
  public void dropped(int events) {
    others.dropped(events);
  }

  @Override
  public void lease(LeaseChange change) {
    others.lease(change);
  }
}
