/** The trace of the publishing transaction, without knowing OpenTelemetry. */
package io.drivetrain.outbox.internal.trace;
