/**
 * Entities to topics and topics to entities: {@link io.drivetrain.entitysync.Published} entities
 * emit their changes through the outbox, and an {@link io.drivetrain.entitysync.EntityConsumer}
 * keeps a table equal to a compacted topic.
 */
package io.drivetrain.entitysync;
