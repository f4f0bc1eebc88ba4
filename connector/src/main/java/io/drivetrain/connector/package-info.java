/**
 * The {@code drivetrain} connector for MicroProfile Reactive Messaging: a record that fails pauses
 * only its partition, with back-off, and comes back in order. What users see is here: {@link
 * io.drivetrain.connector.Delivery} (what is being processed), {@link
 * io.drivetrain.connector.Channels} (how the channels stand), {@link
 * io.drivetrain.connector.ChannelListener} (what happens on them), {@link
 * io.drivetrain.connector.BatchFailure} and {@link io.drivetrain.connector.BatchParameter}
 * (batches), {@link io.drivetrain.connector.DeadLetters} (what was given up, and its way back).
 */
package io.drivetrain.connector;
