package io.drivetrain.connector.internal.inbound;

import static io.drivetrain.connector.internal.assignment.Records.P0;
import static io.drivetrain.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.BatchFailure;
import io.drivetrain.connector.ChannelListener;
import io.drivetrain.connector.Delivery;
import io.drivetrain.connector.ProcessingTimeoutException;
import io.drivetrain.connector.internal.policy.ProcessingTimeout;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProcessingTimeoutTest {
  private static final ProcessingTimeout REPORT =
      new ProcessingTimeout(Duration.ofSeconds(30), false);
  private static final ProcessingTimeout INTERRUPT =
      new ProcessingTimeout(Duration.ofSeconds(30), true);
  private static final RuntimeException BOOM = new IllegalStateException("boom");

  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicInteger interrupts = new AtomicInteger();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final ChannelListener failed =
      new ChannelListener() {
        @Override
        public void failed(Delivery delivery, Throwable failure) {
          failures.add(failure);
        }
      };
  private OneLane lane;

  @AfterEach
  void stop() throws InterruptedException {
    release.countDown();
    lane.stop();
  }

  /** As user code that lets itself be interrupted. */
  private void waitForRelease(Message<?> message) {
    try {
      awaitRelease();
      message.ack();
    } catch (InterruptedException e) {
      interrupts.incrementAndGet();
      message.nack(e);
    }
  }

  private void awaitRelease() throws InterruptedException {
    if (!release.await(60, TimeUnit.SECONDS)) {
      throw new AssertionError("nobody released the method");
    }
  }

  private void receiveAndBegin(long... offsets) {
    lane.receive(P0, offsets);
    eventually(() -> assertThat(lane.delivered()).isEqualTo(1));
  }

  @Test
  void a_delivery_that_takes_too_long_is_named_until_it_is_over() {
    lane = OneLane.ofRecords(REPORT, failed);
    lane.method = this::waitForRelease;
    receiveAndBegin(5);
    lane.clock.pass(Duration.ofSeconds(30));
    lane.look();
    assertThat(lane.overdue()).isEmpty();

    lane.clock.pass(Duration.ofSeconds(1));
    lane.look();
    assertThat(lane.overdue())
        .contains(
            "orders-0 offset 5 is in flight since 2026-01-01T00:00:00Z,"
                + " longer than processing-timeout PT30S");

    release.countDown();
    eventually(() -> assertThat(lane.overdue()).isEmpty());
    assertThat(interrupts).hasValue(0);
    assertThat(failures).isEmpty();
  }

  @Test
  void each_delivery_has_the_whole_time() {
    lane = OneLane.ofRecords(REPORT, failed);
    lane.method =
        message -> {
          lane.clock.pass(Duration.ofSeconds(20));
          if (lane.delivered() < 3) {
            message.ack();
          } else {
            waitForRelease(message);
          }
        };
    lane.receive(P0, 0, 1, 2);
    eventually(() -> assertThat(lane.delivered()).isEqualTo(3));

    assertThat(lane.overdue()).isEmpty();
  }

  @Test
  void an_interrupted_delivery_fails_with_what_happened_and_follows_the_failure_strategy() {
    lane = OneLane.ofRecords(INTERRUPT, failed);
    lane.method = this::waitForRelease;
    receiveAndBegin(5);
    lane.clock.pass(Duration.ofSeconds(31));
    lane.look();

    eventually(() -> assertThat(lane.paused(P0)).isTrue());
    assertThat(failures)
        .singleElement()
        .isInstanceOfSatisfying(
            ProcessingTimeoutException.class,
            failure ->
                assertThat(failure)
                    .hasMessage(
                        "orders-0 offset 5 was interrupted after PT31S,"
                            + " longer than processing-timeout PT30S")
                    .hasCauseInstanceOf(InterruptedException.class));
    assertThat(lane.overdue()).isEmpty();
  }

  @Test
  void the_interrupt_comes_once_and_never_to_a_later_delivery() {
    lane = OneLane.ofRecords(INTERRUPT, failed);
    List<Boolean> flags = new CopyOnWriteArrayList<>();
    lane.method =
        message -> {
          flags.add(Thread.currentThread().isInterrupted());
          if (lane.delivered() == 1) {
            // Looks at nothing, but is slow; the flag stays set when it returns.
            while (!Thread.currentThread().isInterrupted()) {
              Thread.onSpinWait();
            }
            lane.look();
          }
          message.ack();
        };
    receiveAndBegin(0, 1, 2);
    lane.clock.pass(Duration.ofSeconds(31));
    lane.look();

    eventually(() -> assertThat(flags).containsExactly(false, false, false));
    assertThat(failures).isEmpty();
  }

  @Test
  void a_method_that_ignores_the_interrupt_stays_reported() {
    lane = OneLane.ofRecords(INTERRUPT, failed);
    lane.method =
        message -> {
          boolean released = false;
          while (!released) {
            try {
              awaitRelease();
              released = true;
            } catch (InterruptedException e) {
              interrupts.incrementAndGet();
            }
          }
          message.ack();
        };
    receiveAndBegin(0);
    lane.clock.pass(Duration.ofSeconds(31));
    lane.look();
    eventually(() -> assertThat(interrupts).hasValue(1));
    lane.look();
    lane.look();
    assertThat(lane.overdue()).isPresent();

    release.countDown();
    eventually(() -> assertThat(lane.overdue()).isEmpty());
    assertThat(interrupts).hasValue(1);
    assertThat(failures).isEmpty();
  }

  @Test
  void a_stage_that_does_not_complete_is_reported_and_may_still_complete() {
    lane = OneLane.ofRecords(INTERRUPT, failed);
    CompletableFuture<Message<?>> pending = new CompletableFuture<>();
    lane.method = pending::complete;
    receiveAndBegin(0);
    lane.clock.pass(Duration.ofSeconds(31));
    lane.look();
    assertThat(lane.overdue()).isPresent();

    pending.join().ack();

    eventually(() -> assertThat(lane.overdue()).isEmpty());
    assertThat(failures).isEmpty();
  }

  @Test
  void of_an_interrupted_batch_what_its_method_says_is_done_is_done() {
    lane = OneLane.ofBatches(3, INTERRUPT, failed);
    lane.method =
        message -> {
          try {
            awaitRelease();
          } catch (InterruptedException e) {
            message.nack(BatchFailure.at(2, BOOM));
          }
        };
    receiveAndBegin(0, 1, 2);
    lane.clock.pass(Duration.ofSeconds(31));
    lane.look();

    eventually(() -> assertThat(failures).hasSize(1));
    assertThat(failures.get(0)).isInstanceOf(ProcessingTimeoutException.class).hasCause(BOOM);
    assertThat(lane.dispatcher.toCommit().get(P0).offset()).isEqualTo(2);
  }
}
