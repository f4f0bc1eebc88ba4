/**
 * What configuration decides about records: how long a partition pauses, what becomes of a failure,
 * how many records are handed over at once. Pure values without threads, clocks or Kafka, between
 * {@code settings}, which reads them, and {@code inbound}, which lives by them.
 */
package io.drivetrain.connector.internal.policy;
