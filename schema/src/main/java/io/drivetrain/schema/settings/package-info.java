/**
 * How settings are read: {@link io.drivetrain.schema.settings.Settings} over MicroProfile Config,
 * with errors that are sentences naming the full key, the value found and what is allowed, and
 * {@link io.drivetrain.schema.settings.KafkaProperties} for the {@code kafka.*} settings every
 * client shares.
 */
package io.drivetrain.schema.settings;
