/**
 * Which partition a key belongs to, when producers of other languages have to agree: the rules of
 * librdkafka, on which those of Ruby, Python, Go and C stand, as a {@link
 * io.drivetrain.schema.partitioning.LibrdkafkaPartitioner} for Kafka's Java producer.
 */
package io.drivetrain.schema.partitioning;
