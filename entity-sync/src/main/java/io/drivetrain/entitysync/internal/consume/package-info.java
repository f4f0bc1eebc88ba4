/**
 * How an {@link io.drivetrain.entitysync.EntityConsumer} applies a batch. {@link
 * io.drivetrain.entitysync.internal.consume.Isolation} decides which ranges of it to try when one
 * fails; {@link io.drivetrain.entitysync.internal.consume.BatchWriter} writes a range through the
 * entity manager; {@link io.drivetrain.entitysync.internal.consume.Failures} tells a bad record
 * from a bad moment.
 */
package io.drivetrain.entitysync.internal.consume;
