/**
 * What configuration decides for a channel once and for all: how long a partition pauses, what
 * becomes of a failed delivery, and how records are handed over. Immutable arithmetic that both the
 * settings and the machinery of {@code inbound} speak of.
 */
package io.drivetrain.connector.internal.policy;
