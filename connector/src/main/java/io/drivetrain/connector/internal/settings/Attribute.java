package io.drivetrain.connector.internal.settings;

/**
 * One attribute of a channel, as docs/connector.md lists it. Immutable.
 *
 * @param name the key after {@code mp.messaging.incoming.<channel>.}
 * @param type what a value looks like, with its unit
 * @param defaultValue what counts when it is not set, empty if nothing does
 * @param example a value somebody might set; a test reads a channel with it
 * @param doc what it does, in a sentence
 */
public record Attribute(
    String name, String type, String defaultValue, String example, String doc) {}
