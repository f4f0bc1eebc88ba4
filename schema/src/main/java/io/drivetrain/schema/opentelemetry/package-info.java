/**
 * How a module declares its metrics and finds the application's OpenTelemetry. Only the packages of
 * that name use it, which are loaded by name if the application sees the API.
 */
package io.drivetrain.schema.opentelemetry;
