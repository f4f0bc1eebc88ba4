package io.drivetrain.connector.internal.outbound;

import io.drivetrain.connector.KafkaSender;
import io.drivetrain.connector.SendFailedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Sends without a channel, through the one producer all such sends share. Thread-safe. */
public final class StandaloneSender implements KafkaSender {

  /** Set while this thread, which is Kafka's, tells how a send of this sender ended. */
  private final ThreadLocal<Boolean> telling = new ThreadLocal<>();

  private final RecordSender sender;

  /** One that sends through the sender given, and closes it. */
  public StandaloneSender(RecordSender sender) {
    this.sender = sender;
  }

  @Override
  public RecordMetadata send(ProducerRecord<?, ?> record) {
    refuseToWaitForItself();
    try {
      return start(record).get();
    } catch (ExecutionException e) {
      Throwable failure = e.getCause();
      // Made on Kafka's thread; the caller wants his own stack.
      throw failure instanceof SendFailedException unsent
          ? new SendFailedException(unsent.getMessage(), unsent.getCause())
          : new SendFailedException("topic " + record.topic() + ": not sent: " + failure, failure);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SendFailedException(
          "topic " + record.topic() + ": interrupted before it was confirmed; it may be stored", e);
    }
  }

  @Override
  public CompletableFuture<RecordMetadata> sendAsync(ProducerRecord<?, ?> record) {
    SendBlock block = SendBlock.ofThisThread();
    CompletableFuture<RecordMetadata> answer;
    try {
      answer = start(record);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      answer = CompletableFuture.failedFuture(e);
    }
    if (block != null) {
      block.began();
      answer.whenComplete((stored, failure) -> block.settled(failure));
    }
    return answer;
  }

  @Override
  public void awaitAll(Runnable block) {
    refuseToWaitForItself();
    SendBlock.run(block);
  }

  /**
   * Sends on behalf of somebody who waits himself.
   *
   * @throws RuntimeException if it cannot be encoded, or after the stop
   */
  public CompletableFuture<RecordMetadata> start(ProducerRecord<?, ?> record) {
    CompletableFuture<RecordMetadata> answer = new CompletableFuture<>();
    try {
      sender.send(record, (stored, failure) -> tell(answer, record.topic(), stored, failure));
    } catch (org.apache.kafka.common.KafkaException e) {
      answer.completeExceptionally(Advice.on(record.topic(), e));
    }
    return answer;
  }

  private void tell(
      CompletableFuture<RecordMetadata> answer,
      String topic,
      RecordMetadata stored,
      Exception failure) {
    Boolean before = telling.get();
    telling.set(true);
    try {
      if (failure == null) {
        answer.complete(stored);
      } else {
        answer.completeExceptionally(Advice.on(topic, failure));
      }
    } finally {
      if (before == null) {
        telling.remove();
      }
    }
  }

  private void refuseToWaitForItself() {
    if (telling.get() != null) {
      throw new IllegalStateException(
          "this stage of sendAsync runs on the thread of Kafka's client that would confirm what it"
              + " waits for; use sendAsync here, or continue elsewhere, for example with"
              + " thenAcceptAsync");
    }
  }

  /** Waits for sends in flight, within {@code close-timeout}; later ones are refused. */
  public void close() {
    sender.close();
  }
}
