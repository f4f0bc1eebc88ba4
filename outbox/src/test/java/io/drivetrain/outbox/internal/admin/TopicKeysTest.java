package io.drivetrain.outbox.internal.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.drivetrain.outbox.fixture.MapConfig;
import io.drivetrain.schema.settings.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicKeysTest {

  @Test
  void an_operator_may_name_topics_with_or_without_the_prefix() {
    TopicKeys names =
        TopicKeys.of(
            Settings.of(
                MapConfig.of(
                    Map.of(
                        "drivetrain.topic-prefix", "staging.",
                        "drivetrain.topics.orders.key", "plain"))));

    assertThat(names.topic("orders")).isEqualTo("staging.orders");
    assertThat(names.topic("staging.orders")).isEqualTo("staging.orders");
    assertThat(names.topic(null)).isNull();
    assertThat(names.key("orders", 5)).isEqualTo("5".getBytes(UTF_8));
    assertThat(names.key("orders", null)).as("for rows without a key").isNull();
  }

  @Test
  void the_command_takes_what_is_in_the_tables() {
    assertThat(TopicKeys.plain().topic("staging.orders")).isEqualTo("staging.orders");
    assertThat(TopicKeys.plain().key("staging.orders", "a")).isEqualTo("a".getBytes(UTF_8));
  }
}
