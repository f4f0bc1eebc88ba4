package io.drivetrain.outbox.internal.drain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BatchSizeTest {

  @Test
  void it_grows_while_there_is_more_up_to_the_largest() {
    BatchSize size = new BatchSize(1_500);
    assertThat(size.rows()).isEqualTo(500);
    size.full();
    assertThat(size.rows()).isEqualTo(1_000);
    size.full();
    size.full();
    assertThat(size.rows()).isEqualTo(1_500);
  }

  @Test
  void it_shrinks_when_kafka_is_slow_so_that_a_shard_can_be_given_back_soon() {
    BatchSize size = new BatchSize(5_000);
    size.acknowledged(Duration.ofMillis(900));
    assertThat(size.rows()).isEqualTo(500);
    for (int i = 0; i < 10; i++) {
      size.acknowledged(Duration.ofMillis(1_100));
    }
    assertThat(size.rows()).isEqualTo(100);
    size.full();
    assertThat(size.rows()).isEqualTo(200);
  }

  @Test
  void a_small_limit_is_kept() {
    BatchSize size = new BatchSize(10);
    assertThat(size.rows()).isEqualTo(10);
    size.acknowledged(Duration.ofSeconds(5));
    size.full();
    assertThat(size.rows()).isEqualTo(10);
  }

  @Test
  void what_kafka_says_nothing_to_is_read_one_by_one_and_then_it_goes_on_as_before() {
    BatchSize size = new BatchSize(5_000);
    size.full();

    size.stuck(3);

    assertThat(size.rows()).isEqualTo(1);
    size.read(1);
    size.read(1);
    assertThat(size.rows()).isEqualTo(1);
    size.read(1);
    assertThat(size.rows()).isEqualTo(1_000);
    size.read(1_000);
    assertThat(size.rows()).isEqualTo(1_000);
  }
}
