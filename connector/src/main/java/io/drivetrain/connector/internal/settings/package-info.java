/**
 * The attributes of a channel: each declared once with name, type, default and meaning ({@link
 * io.drivetrain.connector.internal.settings.IncomingAttributes}, {@link
 * io.drivetrain.connector.internal.settings.OutgoingAttributes}), read once at deployment into a
 * record per kind of channel. Whatever is wrong is one sentence with the full key.
 */
package io.drivetrain.connector.internal.settings;
