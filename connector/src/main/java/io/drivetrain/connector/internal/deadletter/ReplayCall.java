package io.drivetrain.connector.internal.deadletter;

import io.drivetrain.connector.Replay;
import io.drivetrain.connector.ReplayRequest;
import io.drivetrain.connector.internal.deadletter.ReplayRules.PassOver;
import io.drivetrain.connector.internal.deadletter.ReplayRules.Refuse;
import io.drivetrain.connector.internal.deadletter.ReplayRules.Send;
import io.drivetrain.connector.internal.deadletter.ReplayRules.Verdict;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * One replay: reads letters, sends what the rules say, and commits behind what is stored. The
 * calling thread owns it. One send at a time: of two in flight, the later could be stored without
 * the earlier, and its key would be out of order.
 */
final class ReplayCall {
  private static final Logger LOG = System.getLogger(ReplayCall.class.getName());
  private static final int MOST_REFUSALS = 1000;
  private static final Duration ORIGIN_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final Replays.Clients clients;
  private final String topic;
  private final ReplayRules rules;
  private final ReplayRequest request;
  private final Map<String, Integer> partitions = new HashMap<>();
  private final List<Replay.Refusal> refusals = new ArrayList<>();
  private int replayed;
  private int refused;
  private int others;
  private long remaining;
  private Optional<String> problem = Optional.empty();

  /** Both null before they are needed. */
  private Consumer<byte[], byte[]> origins;

  private Producer<byte[], byte[]> sender;

  ReplayCall(Replays.Clients clients, String topic, ReplayRules rules, ReplayRequest request) {
    this.clients = clients;
    this.topic = topic;
    this.rules = rules;
    this.request = request;
  }

  Replay run() {
    boolean interrupted = false;
    try (LetterReader letters =
        new LetterReader(clients.letters().get(), topic, request.timeout())) {
      try {
        letters.look();
        if (request.only().isPresent()) {
          one(letters, request.only().get());
        } else {
          all(letters);
        }
      } catch (InterruptException | InterruptedException e) {
        interrupted = true;
        problem = Optional.of("it was interrupted");
      } catch (RuntimeException e) {
        problem = Optional.of(e.toString());
      }
      // Kafka's clients do nothing more with the flag set, and what was sent is to be committed.
      interrupted |= Thread.interrupted();
      letters.commit();
      remaining = letters.remaining();
    } catch (RuntimeException e) {
      // The position stays behind what was sent: better twice than not at all.
      problem = Optional.of(e.toString());
    } finally {
      close();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    LOG.log(
        Level.INFO,
        "dead letters of {0}: {1} replayed, {2} refused, {3} remaining{4}",
        topic,
        replayed,
        refused,
        remaining,
        problem.map(text -> "; " + text).orElse(""));
    return new Replay(replayed, refused, refusals, others, remaining, problem);
  }

  private void all(LetterReader letters) throws InterruptedException {
    if (letters.remaining() == 0) {
      return;
    }
    letters.join();
    while (!letters.isDone() && !letters.isLate()) {
      for (ConsumerRecord<byte[], byte[]> letter : letters.some()) {
        if (replayed == request.limit() || letters.isLate() || !isDealtWith(letter)) {
          return;
        }
        letters.done(letter);
      }
      letters.commit();
    }
    if (!letters.isAssigned()) {
      problem =
          Optional.of(
              "no partition of "
                  + topic
                  + " was assigned within "
                  + request.timeout().toMillis()
                  + " ms: another node replays it, or Kafka does not answer");
    }
  }

  private void one(LetterReader letters, ReplayRequest.Position position)
      throws InterruptedException {
    String place = topic + "-" + position.partition() + "@" + position.offset();
    Optional<ConsumerRecord<byte[], byte[]>> letter =
        letters.at(position.partition(), position.offset());
    if (letter.isEmpty()) {
      problem = Optional.of("there is no letter at " + place);
    } else {
      isDealtWith(letter.get());
    }
  }

  /** False if it could not be, and nothing behind it may be. */
  private boolean isDealtWith(ConsumerRecord<byte[], byte[]> letter) throws InterruptedException {
    Verdict verdict = rules.of(letter);
    if (verdict instanceof PassOver) {
      others++;
      return true;
    }
    if (verdict instanceof Refuse refusal) {
      refuse(letter, refusal.reason());
      return true;
    }
    return isSent((Send) verdict);
  }

  private boolean isSent(Send send) throws InterruptedException {
    int there = partitions.computeIfAbsent(send.topic(), this::partitionsOf);
    if (there == 0) {
      refuse(send.letter(), "there is no topic " + send.topic());
      return true;
    }
    if (sender == null) {
      sender = clients.senders().get();
    }
    try {
      sender.send(send.record(there)).get();
      replayed++;
      return true;
    } catch (ExecutionException e) {
      Throwable failure = e.getCause();
      if (isAboutTheRecord(failure)) {
        refuse(send.letter(), "Kafka refused it: " + failure.getMessage());
        return true;
      }
      problem =
          Optional.of(
              "the letter at "
                  + send.letter().partition()
                  + "@"
                  + send.letter().offset()
                  + " could not be sent to "
                  + send.topic()
                  + ": "
                  + failure);
      return false;
    }
  }

  private static boolean isAboutTheRecord(Throwable failure) {
    return failure instanceof RecordTooLargeException
        || failure instanceof InvalidRecordException
        || failure instanceof InvalidTimestampException
        || failure instanceof InvalidTopicException;
  }

  private int partitionsOf(String origin) {
    if (origins == null) {
      origins = clients.origins().get();
    }
    boolean hasTime = request.timeout().compareTo(ORIGIN_TIMEOUT) > 0;
    List<PartitionInfo> found =
        origins.partitionsFor(origin, hasTime ? ORIGIN_TIMEOUT : request.timeout());
    return found == null ? 0 : found.size();
  }

  private void refuse(ConsumerRecord<?, ?> letter, String reason) {
    refused++;
    if (refusals.size() < MOST_REFUSALS) {
      refusals.add(new Replay.Refusal(letter.partition(), letter.offset(), reason));
    }
  }

  // close(CloseOptions) is not in the oldest supported clients.
  @SuppressWarnings("deprecation")
  private void close() {
    if (origins != null) {
      origins.close(CLOSE_TIMEOUT);
    }
    if (sender != null) {
      sender.close(CLOSE_TIMEOUT);
    }
  }
}
