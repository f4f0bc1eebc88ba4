/**
 * What the connector learns from the application's beans: which method reads which channel and what
 * it takes ({@link io.drivetrain.connector.internal.cdi.ConnectorExtension}), and whether that can
 * work ({@link io.drivetrain.connector.internal.cdi.ConsumerMethod}).
 */
package io.drivetrain.connector.internal.cdi;
