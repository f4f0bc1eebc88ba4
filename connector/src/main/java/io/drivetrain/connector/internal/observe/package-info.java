/**
 * What is told to whoever listens or measures: a lane reports its deliveries to a {@link
 * io.drivetrain.connector.internal.observe.LaneObserver}, a sender its records to a {@link
 * io.drivetrain.connector.internal.observe.SendObserver}; both are no-ops unless somebody asked.
 * Rarer events go to {@link io.drivetrain.connector.ChannelListener}s. {@link
 * io.drivetrain.connector.internal.observe.Telemetry} finds OpenTelemetry without needing it.
 */
package io.drivetrain.connector.internal.observe;
