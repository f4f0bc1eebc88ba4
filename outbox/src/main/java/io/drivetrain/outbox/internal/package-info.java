/**
 * One node of the outbox, put together: settings, the CDI beans and their life, health. The rooms
 * behind it: {@code write} takes events into the caller's transaction, {@code store} holds every
 * SQL statement, {@code drain} decides who drains and sends to Kafka, {@code messaging} offers the
 * outbox as an outgoing connector.
 */
package io.drivetrain.outbox.internal;
