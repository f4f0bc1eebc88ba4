package io.drivetrain.connector.internal.policy;

import java.time.Duration;

/**
 * When a delivery takes too long. Immutable.
 *
 * @param after how long it may be in flight
 * @param interrupts whether the delivering thread is interrupted then
 */
public record ProcessingTimeout(Duration after, boolean interrupts) {}
