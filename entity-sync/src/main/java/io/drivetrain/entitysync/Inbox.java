package io.drivetrain.entitysync;

import io.drivetrain.connector.Delivery;
import io.drivetrain.entitysync.internal.consume.InboxOffsets;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;

/**
 * Makes the effects of any consumer method happen exactly once, where they are written in a JTA
 * transaction on the outbox's data source and the channel has {@code exactly-once=true}. Inject it.
 * Entity consumers do this by themselves.
 *
 * <pre>{@code
 * @Incoming("orders") @Transactional
 * public void book(Order order) {
 *   if (inbox.begin().isPresent()) {
 *     ledger.add(order);
 *   }
 * }
 * }</pre>
 *
 * <p>Thread-safe; what it does belongs to the calling thread's delivery and transaction.
 */
@ApplicationScoped
public class Inbox {
  private final InboxOffsets offsets;
  private final Delivery delivery;

  /** For the container's proxy. */
  protected Inbox() {
    this(null, null);
  }

  /** By the container. */
  @Inject
  public Inbox(InboxOffsets offsets, Delivery delivery) {
    this.offsets = offsets;
    this.delivery = delivery;
  }

  /**
   * Stores, in the running transaction, that this delivery's records are applied. Call it once, in
   * the transaction of the effects.
   *
   * @return the offset from which on this delivery's records are to be applied; empty if an earlier
   *     transaction has applied them all
   * @throws io.drivetrain.connector.SystemicFailure if another node has the partition by now; the
   *     transaction must roll back
   * @throws IllegalStateException outside a delivery or a transaction, or if the channel is not
   *     exactly-once
   */
  public OptionalLong begin() {
    TopicPartition partition = new TopicPartition(delivery.topic(), delivery.partition());
    long next = offsets.next(delivery.channel(), partition).orElse(delivery.firstOffset());
    if (next > delivery.lastOffset()) {
      return OptionalLong.empty();
    }
    offsets.advance(delivery.channel(), partition, delivery.lastOffset() + 1);
    return OptionalLong.of(Math.max(next, delivery.firstOffset()));
  }
}
