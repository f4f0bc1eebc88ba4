package io.drivetrain.schema;

/**
 * A record's key and value as Kafka takes them. The arrays are not copied.
 *
 * @param key null for none
 * @param value null for a tombstone
 */
public record Encoded(byte[] key, byte[] value) {}
