package io.drivetrain.connector.internal.metadata;

import java.time.Instant;
import org.apache.kafka.common.header.Headers;

/**
 * What a message says of the record it is to become. Immutable, as far as its headers are.
 *
 * @param topic null if it does not say
 * @param key null if it does not say
 * @param partition null if it does not say
 * @param timestamp null if it does not say
 * @param headers null if it does not say
 */
public record OutgoingMetadata(
    String topic, Object key, Integer partition, Instant timestamp, Headers headers) {}
