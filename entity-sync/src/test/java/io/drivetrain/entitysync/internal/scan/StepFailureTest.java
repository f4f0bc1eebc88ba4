package io.drivetrain.entitysync.internal.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.entitysync.EntityEventException;
import jakarta.persistence.PessimisticLockException;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepFailureTest {

  @Test
  void what_the_database_says_counts_before_what_a_provider_makes_of_it() {
    assertThat(StepFailure.of(wrapped(new SQLException("x", "55P03")))).isEqualTo(StepFailure.BUSY);
    assertThat(StepFailure.of(wrapped(new SQLException("x", "0A000"))))
        .isEqualTo(StepFailure.OTHER);
    assertThat(StepFailure.of(new PessimisticLockException("x"))).isEqualTo(StepFailure.BUSY);
  }

  @Test
  void an_entity_that_cannot_be_published_is_told_by_its_own_sentence() {
    EntityEventException invalid =
        new EntityEventException("Order 7", "orders", List.of("a is null", "b is null"), null);
    RuntimeException thrown = new RuntimeException("Error while committing", invalid);
    RuntimeException suppressing = new RuntimeException("rolled back");
    suppressing.addSuppressed(invalid);

    assertThat(StepFailure.of(thrown)).isEqualTo(StepFailure.INVALID);
    assertThat(StepFailure.of(suppressing)).isEqualTo(StepFailure.INVALID);
    assertThat(StepFailure.sentence(thrown))
        .isEqualTo("Order 7 cannot be published to orders: a is null; b is null");
  }

  @Test
  void a_step_becomes_smaller_until_one_is_left_and_grows_again() {
    StepSize size = new StepSize(10);
    assertThat(size.failed()).isTrue();
    assertThat(size.now()).isEqualTo(5);
    size.failed();
    size.failed();
    assertThat(size.now()).isEqualTo(1);
    assertThat(size.mayWait()).isTrue();
    assertThat(size.failed()).isFalse();
    for (int i = 0; i < 5; i++) {
      size.succeeded();
    }
    assertThat(size.now()).isEqualTo(10);
  }

  private static RuntimeException wrapped(SQLException cause) {
    return new PessimisticLockException("locked?", cause);
  }
}
