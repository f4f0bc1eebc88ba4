package io.drivetrain.tests.conformance.app;

import java.util.List;

/**
 * One call of a consumer method.
 *
 * @param channel the channel
 * @param topic the topic
 * @param partition the partition
 * @param firstOffset offset of the first record
 * @param lastOffset offset of the last record
 * @param attempt as the delivery says
 * @param values the payloads as text, one for each record
 */
public record Seen(
    String channel,
    String topic,
    int partition,
    long firstOffset,
    long lastOffset,
    int attempt,
    List<String> values) {}
