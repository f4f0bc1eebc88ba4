/** The only classes that know OpenTelemetry; loaded by name, if its API is there. */
package io.drivetrain.outbox.internal.opentelemetry;
