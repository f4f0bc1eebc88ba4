/**
 * Records that were given up: how one becomes a dead letter ({@link
 * io.drivetrain.connector.internal.deadletter.DeadLetterHeaders} says where it came from) and is
 * sent ({@link io.drivetrain.connector.internal.deadletter.DeadLetterTopic}).
 */
package io.drivetrain.connector.internal.deadletter;
