/**
 * Metrics and traces through the OpenTelemetry API, with the names of its semantic conventions for
 * messaging where there are any. Loaded by name only, when the application sees that API: nothing
 * else in Drivetrain imports it.
 */
package io.drivetrain.connector.internal.opentelemetry;
