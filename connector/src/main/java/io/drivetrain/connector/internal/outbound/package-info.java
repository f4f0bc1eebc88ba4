/**
 * The other direction: {@link io.drivetrain.connector.internal.outbound.OutgoingChannel} sends what
 * the runtime hands it and acknowledges a message only when Kafka has confirmed it. A send made on
 * a thread that processes a record belongs to that record's delivery.
 */
package io.drivetrain.connector.internal.outbound;
