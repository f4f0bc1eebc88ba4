/**
 * How a shard's rows get to Kafka. {@link io.drivetrain.outbox.internal.drain.Outcome} decides,
 * without thread, clock, Kafka or JDBC; {@link io.drivetrain.outbox.internal.drain.Drainer} carries
 * it out. {@link io.drivetrain.outbox.internal.drain.OutboxNode} is the whole node.
 *
 * <pre>
 *  batch:  read ──► send ──► answered ──► delete and park exactly what was answered ──► read
 *                     └──lease over, or Kafka silent──► producer discarded ──► read again
 * </pre>
 */
package io.drivetrain.outbox.internal.drain;
