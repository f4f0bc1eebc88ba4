package io.drivetrain.schema.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;

class SettingsTest {

  @Test
  void a_bad_duration_names_the_full_key_the_value_and_what_is_allowed() {
    Settings settings =
        Settings.of(config("pause-timeout", "10x"), "mp.messaging.incoming.orders.");

    assertThatThrownBy(() -> settings.duration("pause-timeout", Duration.ZERO))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "mp.messaging.incoming.orders.pause-timeout is '10x'; expected a duration such as 10s"
                + " or PT10S, or 0");
  }

  @Test
  void settings_below_a_prefix_are_asked_for_without_it_and_refused_with_it() {
    Settings settings =
        Settings.below(
            config(
                "drivetrain.producer.close-timeout", "10x",
                "drivetrain.producer.acks", "1",
                "drivetrain.producers", "2"),
            "drivetrain.producer.");

    assertThat(settings.text("acks")).contains("1");
    assertThat(settings.keys()).containsExactlyInAnyOrder("close-timeout", "acks");
    assertThatThrownBy(() -> settings.duration("close-timeout", Duration.ZERO))
        .hasMessageStartingWith("drivetrain.producer.close-timeout is '10x'; expected a duration");
  }

  @Test
  void a_number_out_of_bounds_says_the_bounds() {
    Settings settings = Settings.of(config("batch-size", "0"));

    assertThatThrownBy(() -> settings.integer("batch-size", 500, 1, 10_000))
        .hasMessage("batch-size is '0'; expected a whole number from 1 to 10000");
  }

  @Test
  void a_missing_required_setting_says_what_is_expected() {
    assertThatThrownBy(() -> Settings.of(config()).required("topic", "the topic to read"))
        .hasMessage("topic is not set; expected the topic to read");
  }

  @Test
  void a_word_that_is_not_allowed_lists_those_that_are() {
    Settings settings = Settings.of(config("mode", "often"));

    assertThatThrownBy(() -> settings.oneOf("mode", List.of("always", "never"), "never"))
        .hasMessage("mode is 'often'; expected one of always, never");
    assertThatThrownBy(() -> Settings.of(config("on", "yes")).flag("on", true))
        .hasMessage("on is 'yes'; expected one of true, false");
  }

  @Test
  void unset_and_empty_values_give_the_default() {
    Settings settings = Settings.of(config("empty", ""));

    assertThat(settings.text("empty", "default")).isEqualTo("default");
    assertThat(settings.integer("unset", 7, 0, 9)).isEqualTo(7);
    assertThat(settings.list("unset")).isEmpty();
    assertThat(settings.duration("unset", Duration.ofSeconds(3))).hasSeconds(3);
  }

  @Test
  void lists_are_split_at_commas() {
    assertThat(Settings.of(config("topics", "a, b ,,c")).list("topics"))
        .containsExactly("a", "b", "c");
  }

  static Config config(String... keysAndValues) {
    Map<String, String> values = new java.util.HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      values.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return new SmallRyeConfigBuilder()
        .withSources(new PropertiesConfigSource(values, "test", 500))
        .build();
  }
}
