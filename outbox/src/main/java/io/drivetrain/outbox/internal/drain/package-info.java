/**
 * Who drains and how. {@link io.drivetrain.outbox.internal.drain.Leases} and {@link
 * io.drivetrain.outbox.internal.drain.Outcome} decide, without thread, clock, Kafka or JDBC; {@link
 * io.drivetrain.outbox.internal.drain.LeaseKeeper} and {@link
 * io.drivetrain.outbox.internal.drain.Drainer} carry it out, each on a thread of its own.
 *
 * <pre>
 *  shard:  FREE ──claim──► MINE ──renew──► MINE ──deadline or lost──► drainer stops ──► FREE
 *                           └──surplus or stop: after the batch──► release ──► FREE
 *  batch:  read ──► send ──► answered ──► delete and park exactly what was answered ──► read
 *                     └──lease over, or Kafka silent──► producer discarded ──► read again
 * </pre>
 */
package io.drivetrain.outbox.internal.drain;
