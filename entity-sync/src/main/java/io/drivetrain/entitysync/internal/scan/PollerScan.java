package io.drivetrain.entitysync.internal.scan;

import io.drivetrain.entitysync.internal.publish.Publisher;
import io.drivetrain.entitysync.internal.scan.ScanTable.Kind;
import java.time.Duration;

/** What both kinds of pollers share. */
abstract class PollerScan implements Scan {
  final PollerSettings settings;
  final Publisher publisher;

  PollerScan(PollerSettings settings, Publisher publisher) {
    this.settings = settings;
    this.publisher = publisher;
  }

  static PollerScan of(PollerSettings settings, Publisher publisher, ScanTable table) {
    return settings.time() != null
        ? new TimePoller(settings, publisher, table)
        : new StatePoller(settings, publisher, table);
  }

  /** Moved, and on at once. */
  static Outcome moved(String position, int published) {
    return new Outcome.Moved(position, published, -1, Duration.ZERO);
  }

  /** A round is over. */
  Outcome rests(String position) {
    return new Outcome.Moved(position, 0, -1, settings.every());
  }

  @Override
  public Kind kind() {
    return Kind.POLLER;
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public Class<?> entity() {
    return settings.entity();
  }

  @Override
  public int largestStep() {
    return settings.batch();
  }

  @Override
  public boolean skipsInvalid() {
    return settings.skipsInvalid();
  }
}
