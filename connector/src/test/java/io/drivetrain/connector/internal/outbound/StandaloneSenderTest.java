package io.drivetrain.connector.internal.outbound;

import static io.drivetrain.connector.internal.outbound.MockSender.text;
import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.drivetrain.connector.SendFailedException;
import io.drivetrain.connector.internal.delivery.LiveDelivery;
import io.drivetrain.schema.CodecException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StandaloneSenderTest {
  private final MockSender kafka = new MockSender();
  private final StandaloneSender sender = new StandaloneSender(kafka.sender());

  @AfterEach
  void clearInterrupt() {
    Thread.interrupted();
  }

  /** Runs what waits for Kafka on a thread of its own, for the test is Kafka. */
  private static FutureTask<Throwable> waiting(Runnable work) {
    FutureTask<Throwable> task = new FutureTask<>(() -> catchThrowable(work::run));
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  private void taken(int count) {
    eventually(
        () -> {
          assertThat(kafka.producers()).isNotEmpty();
          assertThat(kafka.producer().history()).hasSize(count);
        });
  }

  private static Throwable outcome(FutureTask<Throwable> task) throws Exception {
    return task.get(30, TimeUnit.SECONDS);
  }

  @Test
  void a_send_returns_when_kafka_has_confirmed_it() throws Exception {
    FutureTask<Throwable> send = waiting(() -> sender.send("orders", 7, "v"));
    taken(1);
    assertThat(send.isDone()).isFalse();

    kafka.producer().completeNext();

    assertThat(outcome(send)).isNull();
    assertThat(kafka.sent().topic()).isEqualTo("orders");
    assertThat(text(kafka.sent().key())).isEqualTo("7");
    assertThat(text(kafka.sent().value())).isEqualTo("v");
  }

  @Test
  void a_send_that_kafka_refuses_throws_kafkas_reason_and_advice_with_the_callers_stack()
      throws Exception {
    FutureTask<Throwable> send = waiting(() -> sender.send("orders", "k", "v"));
    taken(1);
    kafka.producer().errorNext(new RecordTooLargeException("2000 bytes"));

    assertThat(outcome(send))
        .isInstanceOf(SendFailedException.class)
        .hasMessageStartingWith(
            "topic orders: not sent: RecordTooLargeException: 2000 bytes [make it smaller")
        .hasCauseInstanceOf(RecordTooLargeException.class)
        .satisfies(
            failure ->
                assertThat(failure.getStackTrace())
                    .anyMatch(at -> at.getClassName().startsWith(getClass().getName())));
  }

  @Test
  void what_cannot_be_encoded_is_refused_at_once() {
    assertThatThrownBy(() -> sender.send("orders", new Object(), "v"))
        .isInstanceOf(CodecException.class);
    assertThat(sender.sendAsync("orders", new Object(), "v").toCompletableFuture())
        .isCompletedExceptionally();
    assertThat(kafka.producers()).isEmpty();
  }

  @Test
  void an_interrupted_send_says_so_and_keeps_the_flag() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> sender.send("orders", "k", "v"))
        .isInstanceOf(SendFailedException.class)
        .hasMessageContaining("interrupted")
        .hasMessageContaining("may be stored");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void an_asynchronous_send_tells_later_where_the_record_is_stored() throws Exception {
    CompletableFuture<RecordMetadata> stored =
        sender.sendAsync("orders", "k", "v").toCompletableFuture();
    assertThat(stored).isNotDone();
    kafka.producer().completeNext();

    assertThat(stored.get().topic()).isEqualTo("orders");
  }

  @Test
  void an_asynchronous_send_tells_later_why_it_failed() {
    CompletableFuture<RecordMetadata> stored =
        sender.sendAsync("orders", "k", "v").toCompletableFuture();
    kafka.producer().errorNext(new InvalidTopicException("orders"));

    assertThatThrownBy(stored::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(SendFailedException.class)
        .hasMessageContaining("topic orders: not sent: InvalidTopicException")
        .hasCauseInstanceOf(InvalidTopicException.class);
  }

  @Test
  void a_block_returns_when_all_it_sent_is_confirmed() throws Exception {
    FutureTask<Throwable> block =
        waiting(
            () ->
                sender.awaitAll(
                    () -> {
                      sender.sendAsync("orders", "k", "a");
                      sender.sendAsync("orders", "k", "b");
                    }));
    taken(2);
    kafka.producer().completeNext();
    assertThat(block.isDone()).isFalse();
    kafka.producer().completeNext();

    assertThat(outcome(block)).isNull();
  }

  @Test
  void a_block_waits_for_all_and_throws_the_first_failure_with_the_others() throws Exception {
    FutureTask<Throwable> block =
        waiting(
            () ->
                sender.awaitAll(
                    () -> {
                      sender.sendAsync("orders", "k", "a");
                      sender.sendAsync("orders", "k", "b");
                      sender.sendAsync("orders", new Object(), "c");
                      sender.sendAsync("orders", "k", "d");
                    }));
    taken(3);
    kafka.producer().errorNext(new RecordTooLargeException("a is too large"));
    kafka.producer().errorNext(new RecordTooLargeException("b is too large"));
    assertThat(block.isDone()).isFalse();
    kafka.producer().completeNext();

    Throwable failure = outcome(block);
    // What could not even be encoded was known first.
    assertThat(failure)
        .isInstanceOf(SendFailedException.class)
        .hasMessageStartingWith("3 of 4 sends failed; the first: topic orders: a key of type")
        .hasCauseInstanceOf(CodecException.class);
    assertThat(failure.getSuppressed())
        .extracting(Throwable::getMessage)
        .satisfiesExactly(
            message -> assertThat(message).contains("a is too large"),
            message -> assertThat(message).contains("b is too large"));
  }

  @Test
  void what_a_block_throws_comes_first_and_its_sends_are_awaited_all_the_same() throws Exception {
    IllegalArgumentException own = new IllegalArgumentException("own");
    FutureTask<Throwable> block =
        waiting(
            () ->
                sender.awaitAll(
                    () -> {
                      sender.sendAsync("orders", "k", "a");
                      throw own;
                    }));
    taken(1);
    assertThat(block.isDone()).isFalse();
    kafka.producer().errorNext(new RecordTooLargeException("too large"));

    assertThat(outcome(block)).isSameAs(own);
    assertThat(own.getSuppressed()).hasSize(1);
    assertThat(own.getSuppressed()[0]).hasMessageContaining("1 of 1 sends failed");
  }

  @Test
  void a_block_within_a_block_waits_for_its_own_and_what_came_before_is_none_of_it()
      throws Exception {
    CompletionStage<RecordMetadata> before = sender.sendAsync("orders", "k", "before");
    FutureTask<Throwable> blocks =
        waiting(
            () ->
                sender.awaitAll(
                    () -> {
                      sender.sendAsync("orders", "k", "outer");
                      sender.awaitAll(() -> sender.sendAsync("orders", "k", "inner"));
                      sender.sendAsync("orders", "k", "after");
                    }));
    taken(3);
    kafka.producer().errorNext(new RecordTooLargeException("before is too large"));
    kafka.producer().errorNext(new RecordTooLargeException("outer is too large"));
    kafka.producer().completeNext();
    taken(4);
    kafka.producer().completeNext();

    assertThat(outcome(blocks)).hasMessageStartingWith("1 of 2 sends failed");
    assertThat(before.toCompletableFuture()).isCompletedExceptionally();
  }

  @Test
  void an_interrupted_block_says_how_many_sends_are_open() {
    assertThatThrownBy(
            () ->
                sender.awaitAll(
                    () -> {
                      sender.sendAsync("orders", "k", "a");
                      Thread.currentThread().interrupt();
                    }))
        .isInstanceOf(SendFailedException.class)
        .hasMessage("interrupted while 1 of 1 sends were not confirmed yet");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void a_stage_that_would_wait_for_itself_is_refused() {
    CompletableFuture<Throwable> send = new CompletableFuture<>();
    CompletableFuture<Throwable> block = new CompletableFuture<>();
    sender
        .sendAsync("orders", "k", "a")
        .thenAccept(
            stored -> {
              send.complete(catchThrowable(() -> sender.send("orders", "k", "b")));
              block.complete(catchThrowable(() -> sender.awaitAll(() -> {})));
            });
    kafka.producer().completeNext();

    for (CompletableFuture<Throwable> refusal : List.of(send, block)) {
      assertThat(refusal.join())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("thenAcceptAsync");
    }
    // The thread is free again when the stage is over.
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> sender.send("orders", "k", "c"))
        .isInstanceOf(SendFailedException.class);
  }

  @Test
  void a_send_within_a_delivery_does_not_belong_to_it() {
    LiveDelivery delivery = new LiveDelivery("in");
    ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("in", 0, 0, null, new byte[0]);
    delivery.bind();
    delivery.begin(record, record, 1, 1, null);

    sender.sendAsync("orders", "k", "v");

    assertThat(delivery.awaitSends()).isNull();
    delivery.unbind();
  }

  @Test
  void after_the_stop_a_send_is_refused() {
    sender.sendAsync("orders", "k", "v");
    sender.close();

    assertThat(kafka.producer().closed()).isTrue();
    assertThatThrownBy(() -> sender.send("orders", "k", "v"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is stopped");
  }
}
