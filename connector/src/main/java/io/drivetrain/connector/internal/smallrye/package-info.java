/**
 * SmallRye's metadata of Kafka records, for code that was written for smallrye-kafka. Loaded by
 * name only, and used only where the application sees {@code smallrye-reactive-messaging-kafka-api}
 * and the runtime's messages have metadata: nothing else in Drivetrain imports SmallRye.
 */
package io.drivetrain.connector.internal.smallrye;
