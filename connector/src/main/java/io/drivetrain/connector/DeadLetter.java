package io.drivetrain.connector;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record in a dead-letter topic. What its headers do not say is empty.
 *
 * @param record the letter as Kafka holds it; its partition and offset are its place among the dead
 * @param topic the topic the record came from
 * @param partition its partition there
 * @param offset its offset there
 * @param timestamp its timestamp there
 * @param reason the message of the failure
 * @param exceptionClass the class of the failure
 * @param attempts how often it was delivered; 0 if unknown
 * @param replays how often it was sent back before it died again
 */
public record DeadLetter(
    ConsumerRecord<byte[], byte[]> record,
    Optional<String> topic,
    OptionalInt partition,
    OptionalLong offset,
    Optional<Instant> timestamp,
    Optional<String> reason,
    Optional<String> exceptionClass,
    int attempts,
    int replays) {}
