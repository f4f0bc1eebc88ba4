package io.drivetrain.outbox;

import java.util.List;

/**
 * Takes the events of committed transactions. A CDI bean of this type stands in for the tables and
 * for Kafka: {@link Outbox} then needs neither database nor broker, and all that it promises of
 * transactions still holds. For tests. Called by completing threads, by several at once.
 */
@FunctionalInterface
public interface CommittedEvents {

  /** The events of one transaction that has committed, in order; it must not throw. */
  void accept(List<EncodedMessage> events);
}
