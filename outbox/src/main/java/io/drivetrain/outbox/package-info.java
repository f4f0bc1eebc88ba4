/**
 * The transactional outbox: {@link io.drivetrain.outbox.Outbox} publishes events inside the
 * caller's transaction, and a drainer per shard, leased to one node at a time, sends them to Kafka
 * and deletes exactly what Kafka acknowledged.
 */
package io.drivetrain.outbox;
