/**
 * What is told to whoever listens or measures: a lane reports its deliveries to a {@link
 * io.drivetrain.connector.internal.observe.LaneObserver}, which is a no-op unless somebody asked.
 * Rarer events go to {@link io.drivetrain.connector.ChannelListener}s.
 */
package io.drivetrain.connector.internal.observe;
