package io.drivetrain.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@UseKafka
@UsePostgres
class SharedServersTest {
  private final KafkaBroker broker;
  private final Postgres postgres;

  SharedServersTest(KafkaBroker broker, Postgres postgres) {
    this.broker = broker;
    this.postgres = postgres;
  }

  @Test
  void constructor_and_method_see_the_same_servers(KafkaBroker parameter, Postgres database) {
    assertThat(parameter).isSameAs(broker);
    assertThat(database).isSameAs(postgres);
  }

  @Test
  void a_server_that_a_test_stopped_runs_again_for_the_next() {
    assertThat(broker.isRunning()).isTrue();
    broker.kill();
  }

  @Test
  void a_server_that_a_test_killed_runs_again_for_the_next() {
    assertThat(broker.isRunning()).isTrue();
    broker.kill();
  }

  @Nested
  class NestedTest {
    @Test
    void a_nested_class_sees_them_too(KafkaBroker parameter) {
      assertThat(parameter).isSameAs(broker);
    }
  }

  @Nested
  @UseKafka(own = true)
  class OwnTest {
    @Test
    void a_class_that_wants_its_own_gets_its_own(KafkaBroker parameter) {
      assertThat(parameter).isNotSameAs(broker);
      assertThat(parameter.isRunning()).isTrue();
    }
  }
}
