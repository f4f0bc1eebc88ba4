/**
<<<<<<< HEAD
 * What configuration decides for a channel once and for all: how long a partition pauses, what
 * becomes of a failed delivery, and how records are handed over. Immutable arithmetic that both the
 * settings and the machinery of {@code inbound} speak of.
=======
 * What configuration decides about records: how long a partition pauses, what becomes of a failure,
 * how many records are handed over at once. Pure values without threads, clocks or Kafka, between
 * {@code settings}, which reads them, and {@code inbound}, which lives by them.
>>>>>>> connector
 */
package io.drivetrain.connector.internal.policy;
