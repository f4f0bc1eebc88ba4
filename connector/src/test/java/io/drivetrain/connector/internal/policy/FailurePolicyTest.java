package io.drivetrain.connector.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.connector.ProcessingTimeoutException;
import io.drivetrain.connector.SystemicFailure;
import io.drivetrain.connector.internal.policy.FailurePolicy.Strategy;
import io.drivetrain.schema.RegistryUnavailableException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.errors.InterruptException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FailurePolicyTest {
  private static final Backoff BACKOFF =
      new Backoff(Optional.of(Duration.ofSeconds(10)), false, Duration.ofMinutes(5));
  private static final FailureClasses NO_CLASSES = new FailureClasses(Set.of(), Set.of());

  private static FailurePolicy policy(Strategy strategy, int maxAttempts) {
    return new FailurePolicy(BACKOFF, strategy, maxAttempts, NO_CLASSES);
  }

  /** Three attempts, then the dead-letter topic. */
  private static Strategy decide(Set<String> retryOn, Set<String> deadLetterOn, Throwable failure) {
    return new FailurePolicy(
            BACKOFF, Strategy.DEAD_LETTER_QUEUE, 3, new FailureClasses(retryOn, deadLetterOn))
        .decide(1, failure);
  }

  private static Strategy decideInTheEnd(Set<String> retryOn, Throwable failure) {
    return new FailurePolicy(
            BACKOFF, Strategy.DEAD_LETTER_QUEUE, 3, new FailureClasses(retryOn, Set.of()))
        .decide(1_000, failure);
  }

  @Test
  void pausing_never_ends() {
    assertThat(new FailurePolicy(BACKOFF).decide(1_000_000, new IOException()))
        .isEqualTo(Strategy.PAUSE);
  }

  @ParameterizedTest
  @EnumSource(
      value = Strategy.class,
      names = {"DEAD_LETTER_QUEUE", "IGNORE", "FAIL"})
  void another_strategy_takes_over_after_so_many_attempts(Strategy strategy) {
    FailurePolicy policy = policy(strategy, 3);

    assertThat(policy.decide(1, new IOException())).isEqualTo(Strategy.PAUSE);
    assertThat(policy.decide(2, new IOException())).isEqualTo(Strategy.PAUSE);
    assertThat(policy.decide(3, new IOException())).isEqualTo(strategy);
    assertThat(policy.decide(4, new IOException())).isEqualTo(strategy);
  }

  @Test
  void a_schema_that_cannot_be_had_just_now_is_never_held_against_the_record() {
    Throwable away = new RegistryUnavailableException("away", new IOException());

    assertThat(decideInTheEnd(Set.of(), away)).isEqualTo(Strategy.PAUSE);
    assertThat(decideInTheEnd(Set.of(), new IllegalStateException(away))).isEqualTo(Strategy.PAUSE);
  }

  @Test
  void with_one_attempt_it_takes_over_at_once() {
    assertThat(policy(Strategy.IGNORE, 1).decide(1, new IOException())).isEqualTo(Strategy.IGNORE);
  }

  @Test
  void a_class_that_is_retried_is_retried_for_ever_with_its_subclasses_and_as_a_cause() {
    Set<String> retryOn = Set.of("java.io.IOException");

    assertThat(decideInTheEnd(retryOn, new IOException())).isEqualTo(Strategy.PAUSE);
    assertThat(decideInTheEnd(retryOn, new FileNotFoundException())).isEqualTo(Strategy.PAUSE);
    assertThat(decideInTheEnd(retryOn, new IllegalStateException(new IOException())))
        .isEqualTo(Strategy.PAUSE);
    assertThat(decideInTheEnd(retryOn, new IllegalStateException()))
        .isEqualTo(Strategy.DEAD_LETTER_QUEUE);
  }

  @Test
  void a_class_that_is_dead_lettered_is_not_retried_nor_its_subclasses_nor_as_a_cause() {
    Set<String> deadLetterOn = Set.of("java.io.IOException");

    assertThat(decide(Set.of(), deadLetterOn, new FileNotFoundException()))
        .isEqualTo(Strategy.DEAD_LETTER_QUEUE);
    assertThat(decide(Set.of(), deadLetterOn, new IllegalStateException(new IOException())))
        .isEqualTo(Strategy.DEAD_LETTER_QUEUE);
    assertThat(decide(Set.of(), deadLetterOn, new IllegalStateException()))
        .isEqualTo(Strategy.PAUSE);
  }

  @Test
  void what_is_no_records_fault_gives_none_up_whatever_its_cause() {
    Throwable failure = new SystemicFailure("away", new IOException());

    assertThat(policy(Strategy.DEAD_LETTER_QUEUE, 1).decide(9, failure)).isEqualTo(Strategy.PAUSE);
    assertThat(decide(Set.of(), Set.of("java.io.IOException"), failure)).isEqualTo(Strategy.PAUSE);
    assertThat(policy(Strategy.FAIL, 1).decide(9, new IllegalStateException(failure)))
        .isEqualTo(Strategy.PAUSE);
  }

  @Test
  void of_one_exceptions_classes_the_nearest_decides() {
    Set<String> general = Set.of("java.io.IOException");
    Set<String> special = Set.of("java.io.FileNotFoundException");

    assertThat(decide(general, special, new FileNotFoundException()))
        .isEqualTo(Strategy.DEAD_LETTER_QUEUE);
    assertThat(decide(special, general, new FileNotFoundException())).isEqualTo(Strategy.PAUSE);
    assertThat(decide(special, general, new IOException())).isEqualTo(Strategy.DEAD_LETTER_QUEUE);
  }

  @Test
  void of_an_exception_and_its_cause_the_one_that_is_retried_decides() {
    Set<String> wrapper = Set.of("java.lang.IllegalStateException");
    Set<String> wrapped = Set.of("java.io.IOException");
    Throwable failure = new IllegalStateException(new IOException());

    assertThat(decide(wrapped, wrapper, failure)).isEqualTo(Strategy.PAUSE);
    assertThat(decide(wrapper, wrapped, failure)).isEqualTo(Strategy.PAUSE);
  }

  @Test
  void an_interrupt_gives_no_record_up_unless_told_to() {
    FailurePolicy policy = policy(Strategy.IGNORE, 1);

    assertThat(policy.decide(1, new InterruptedException())).isEqualTo(Strategy.PAUSE);
    assertThat(policy.decide(1, new IllegalStateException(new InterruptedException())))
        .isEqualTo(Strategy.PAUSE);
    assertThat(policy.decide(1, new InterruptException("closing"))).isEqualTo(Strategy.PAUSE);
    assertThat(
            decide(Set.of(), Set.of("java.lang.InterruptedException"), new InterruptedException()))
        .isEqualTo(Strategy.DEAD_LETTER_QUEUE);
  }

  @Test
  void an_interrupt_for_taking_too_long_is_the_records_own_failure() {
    assertThat(
            policy(Strategy.IGNORE, 1)
                .decide(1, new ProcessingTimeoutException("too long", new InterruptedException())))
        .isEqualTo(Strategy.IGNORE);
  }

  @Test
  void causes_may_form_a_circle() {
    IllegalStateException outer = new IllegalStateException();
    outer.initCause(new IllegalArgumentException(outer));

    assertThat(decide(Set.of("java.io.IOException"), Set.of(), outer)).isEqualTo(Strategy.PAUSE);
  }
}
