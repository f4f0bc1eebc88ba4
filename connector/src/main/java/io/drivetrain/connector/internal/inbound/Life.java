package io.drivetrain.connector.internal.inbound;

import io.drivetrain.connector.ChannelState;

/**
 * What tells whether a channel lives.
 *
 * @param beats grows with every turn of its poll loop; -1 if no loop has to turn now
 */
public record Life(ChannelState state, long beats) {}
