package io.drivetrain.connector.internal.observe;

import io.drivetrain.connector.ChannelState;
import io.drivetrain.connector.PartitionState;
import io.drivetrain.connector.internal.settings.IncomingSettings;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * An incoming channel as it is measured; everything may be asked on any thread.
 *
 * @param state how it stands
 * @param lag how many records of a partition are not processed, as far as the consumer knows
 * @param nanos the clock by which deliveries are measured
 * @param clock the clock of the state's instants
 */
public record Subject(
    IncomingSettings settings,
    Supplier<ChannelState> state,
    Function<PartitionState, OptionalLong> lag,
    LongSupplier nanos,
    InstantSource clock) {}
