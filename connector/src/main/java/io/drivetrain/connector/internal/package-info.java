/**
 * Behind the connector: {@link io.drivetrain.connector.internal.DrivetrainConnector} builds
 * channels from settings. {@code settings} reads them into {@code policy}, {@code cdi} learns who
 * consumes, {@code payload} decodes, {@code inbound} polls and delivers what {@code assignment}
 * decides, {@code outbound} sends, {@code delivery} is what joins the two, {@code health} tells how
 * it stands.
 */
package io.drivetrain.connector.internal;
