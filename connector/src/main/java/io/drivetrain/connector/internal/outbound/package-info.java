/**
 * The other direction. {@link io.drivetrain.connector.internal.outbound.OutgoingChannel} sends what
 * the runtime hands it and acknowledges a message only when Kafka has confirmed it; {@link
 * io.drivetrain.connector.internal.outbound.StandaloneSender} sends what applications send without
 * a channel. Both encode and send through a {@link
 * io.drivetrain.connector.internal.outbound.RecordSender} of their own. A send that belongs to a
 * record being processed is left in that record's delivery.
 */
package io.drivetrain.connector.internal.outbound;
