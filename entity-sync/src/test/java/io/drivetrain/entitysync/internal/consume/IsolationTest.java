package io.drivetrain.entitysync.internal.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.drivetrain.connector.BatchFailure;
import jakarta.persistence.OptimisticLockException;
import jakarta.persistence.PersistenceException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IsolationTest {
  private final List<Integer> committed = new ArrayList<>();
  private int transactions;

  @Test
  void a_good_batch_is_one_transaction() {
    Isolation.apply(500, this::commit, (index, failure) -> failure);

    assertThat(committed).hasSize(500);
    assertThat(transactions).isOne();
  }

  @Test
  void a_bad_record_costs_few_transactions() {
    assertThatThrownBy(
            () ->
                Isolation.apply(
                    500,
                    (from, to) -> {
                      transactions++;
                      if (from <= 377 && 377 < to) {
                        throw new PersistenceException("bad");
                      }
                    },
                    (index, failure) -> failure))
        .isInstanceOfSatisfying(BatchFailure.class, f -> assertThat(f.index()).isEqualTo(377));
    assertThat(transactions).isLessThan(25);
  }

  @Test
  void a_lock_or_connection_is_no_records_fault() {
    for (Exception failure :
        List.of(
            new OptimisticLockException(),
            new PersistenceException(new SQLException("deadlock", "40P01")),
            new PersistenceException(new SQLException("gone", "08006")),
            new PersistenceException(chained("23505", "57P01")))) {
      transactions = 0;
      assertThatThrownBy(
              () ->
                  Isolation.apply(
                      9,
                      (from, to) -> {
                        transactions++;
                        throw failure;
                      },
                      (index, cause) -> cause))
          .isSameAs(failure);
      assertThat(transactions).isOne();
    }
  }

  /** Whatever is bad, and however it shows, exactly what precedes the first bad one commits. */
  @Test
  void the_first_bad_record_is_always_found() {
    for (long seed = 0; seed < 5_000; seed++) {
      Random random = new Random(seed);
      int size = 1 + random.nextInt(40);
      boolean[] bad = new boolean[size];
      IntStream.range(0, random.nextInt(4)).forEach(i -> bad[random.nextInt(size)] = true);
      boolean known = random.nextBoolean();
      int expected = IntStream.range(0, size).filter(i -> bad[i]).findFirst().orElse(size);
      committed.clear();

      Throwable thrown =
          catchThrowable(
              () ->
                  Isolation.apply(
                      size,
                      (from, to) -> {
                        for (int i = from; i < to; i++) {
                          if (bad[i]) {
                            throw known ? known(i) : new PersistenceException("somewhere");
                          }
                        }
                        commit(from, to);
                      },
                      (index, failure) -> failure));

      assertThat(committed)
          .as("seed %d", seed)
          .containsExactlyElementsOf(IntStream.range(0, expected).boxed().toList());
      if (expected < size) {
        assertThat(((BatchFailure) thrown).index()).as("seed %d", seed).isEqualTo(expected);
      } else {
        assertThat(thrown).as("seed %d", seed).isNull();
      }
    }
  }

  private void commit(int from, int to) {
    transactions++;
    IntStream.range(from, to).forEach(committed::add);
  }

  private static RecordFailure known(int index) {
    return new RecordFailure(
        index,
        new io.drivetrain.entitysync.EntityRecordException(
            new org.apache.kafka.clients.consumer.ConsumerRecord<>("t", 0, index, null, null),
            "E",
            "bad",
            null));
  }

  private static SQLException chained(String first, String next) {
    SQLException batch = new BatchUpdateException("batch", first, 0, new int[0]);
    batch.setNextException(new SQLException("next", next));
    return batch;
  }
}
