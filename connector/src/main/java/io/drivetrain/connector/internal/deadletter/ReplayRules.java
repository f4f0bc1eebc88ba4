package io.drivetrain.connector.internal.deadletter;

import io.drivetrain.connector.DeadLetter;
import io.drivetrain.connector.ReplayRequest;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/** What becomes of each dead letter in a replay. Immutable; decides and does nothing. */
final class ReplayRules {

  /** What becomes of a letter. */
  sealed interface Verdict {}

  /**
   * It goes back to this topic.
   *
   * @param partition where it was there, if known and wanted
   * @param timestamp null for that of now
   */
  record Send(
      ConsumerRecord<byte[], byte[]> letter,
      String topic,
      OptionalInt partition,
      Long timestamp,
      Headers headers)
      implements Verdict {

    /** What is sent, to a topic with so many partitions. */
    ProducerRecord<byte[], byte[]> record(int partitions) {
      return new ProducerRecord<>(
          topic,
          partition.isPresent() && partition.getAsInt() < partitions ? partition.getAsInt() : null,
          timestamp,
          letter.key(),
          letter.value(),
          headers);
    }
  }

  /** It stays where it is, and somebody should know. */
  record Refuse(String reason) implements Verdict {}

  /** It is another channel's, and none of our business. */
  record PassOver() implements Verdict {}

  private final String channel;
  private final String group;
  private final Predicate<String> reads;
  private final ReplayRequest request;

  /**
   * The rules of one replay.
   *
   * @param reads whether the channel reads a topic
   */
  ReplayRules(String channel, String group, Predicate<String> reads, ReplayRequest request) {
    this.channel = channel;
    this.group = group;
    this.reads = reads;
    this.request = request;
  }

  Verdict of(ConsumerRecord<byte[], byte[]> record) {
    DeadLetter letter = read(record);
    if (letter.topic().isEmpty()) {
      return new Refuse("it has no header " + DeadLetterHeaders.TOPIC);
    }
    Optional<String> owner = DeadLetterHeaders.text(record.headers(), DeadLetterHeaders.GROUP);
    if (owner.isPresent() && !owner.get().equals(group)) {
      return new PassOver();
    }
    String topic = letter.topic().get();
    if (!reads.test(topic)) {
      // A header could name any topic; only what this channel reads is its to write to.
      Optional<String> sender = DeadLetterHeaders.text(record.headers(), DeadLetterHeaders.CHANNEL);
      return sender.isPresent() && !sender.get().equals(channel)
          ? new PassOver()
          : new Refuse("channel " + channel + " does not read its topic of origin, " + topic);
    }
    if (letter.replays() >= request.maxReplays()) {
      return new Refuse(
          "it was replayed "
              + letter.replays()
              + " times and died again, and "
              + request.maxReplays()
              + " is the most");
    }
    return new Send(
        record,
        topic,
        request.toOriginalPartition() ? letter.partition() : OptionalInt.empty(),
        request.withOriginalTimestamp()
            ? letter.timestamp().map(Instant::toEpochMilli).orElse(null)
            : null,
        headers(record.headers(), letter.replays() + 1));
  }

  private static Headers headers(Headers letter, int replays) {
    return DeadLetterHeaders.before(letter)
        .remove(DeadLetterHeaders.REPLAYS)
        .add(DeadLetterHeaders.REPLAYS, DeadLetterHeaders.bytes(Integer.toString(replays)));
  }

  /** What a letter's headers say. */
  static DeadLetter read(ConsumerRecord<byte[], byte[]> record) {
    Headers headers = record.headers();
    OptionalLong partition = DeadLetterHeaders.number(headers, DeadLetterHeaders.PARTITION);
    OptionalLong timestamp = DeadLetterHeaders.number(headers, DeadLetterHeaders.TIMESTAMP);
    return new DeadLetter(
        record,
        DeadLetterHeaders.text(headers, DeadLetterHeaders.TOPIC),
        partition.isPresent() ? OptionalInt.of(whole(partition, 0)) : OptionalInt.empty(),
        DeadLetterHeaders.number(headers, DeadLetterHeaders.OFFSET),
        timestamp.isPresent()
            ? Optional.of(Instant.ofEpochMilli(timestamp.getAsLong()))
            : Optional.empty(),
        DeadLetterHeaders.text(headers, DeadLetterHeaders.REASON),
        DeadLetterHeaders.text(headers, DeadLetterHeaders.EXCEPTION_CLASS),
        whole(DeadLetterHeaders.number(headers, DeadLetterHeaders.ATTEMPTS), 0),
        replays(headers));
  }

  /** A counter that somebody spoilt is as high as can be: it guards against a loop. */
  private static int replays(Headers headers) {
    return headers.lastHeader(DeadLetterHeaders.REPLAYS) == null
        ? 0
        : whole(DeadLetterHeaders.number(headers, DeadLetterHeaders.REPLAYS), Integer.MAX_VALUE);
  }

  private static int whole(OptionalLong number, int other) {
    return (int) Math.min(Integer.MAX_VALUE, number.orElse(other));
  }
}
