package io.drivetrain.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.schema.settings.Settings;
import io.drivetrain.schema.settings.SettingsException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TopicsTest {

  static Settings settings(String... keysAndValues) {
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return Settings.of(
        new SmallRyeConfigBuilder()
            .withSources(new PropertiesConfigSource(map, "test", 500))
            .build());
  }

  private static Topics prefixed() {
    return Topics.of(
        settings(
            "drivetrain.topic-prefix",
            "staging.",
            "drivetrain.topics.theirs.v1.prefixed",
            "false"));
  }

  @Test
  void a_topic_has_the_prefix_once_and_only_once() {
    assertThat(prefixed().physical("orders")).isEqualTo("staging.orders");
    assertThat(prefixed().physical("staging.orders")).isEqualTo("staging.orders");
    assertThat(prefixed().physical((String) null)).isNull();
    assertThat(prefixed().logical("staging.orders")).isEqualTo("orders");
    assertThat(prefixed().logical("orders")).isEqualTo("orders");
  }

  @Test
  void a_topic_of_somebody_else_keeps_its_name() {
    assertThat(prefixed().physical("theirs.v1")).isEqualTo("theirs.v1");
    assertThat(prefixed().logical("theirs.v1")).isEqualTo("theirs.v1");
  }

  @Test
  void a_pattern_matches_names_with_the_prefix_whatever_it_is_made_of() {
    Pattern pattern = prefixed().physical(Pattern.compile("a|b.*"));

    assertThat(pattern.matcher("staging.a").matches()).isTrue();
    assertThat(pattern.matcher("staging.bc").matches()).isTrue();
    assertThat(pattern.matcher("stagingxa").matches()).isFalse();
    assertThat(pattern.matcher("a").matches()).isFalse();
  }

  @Test
  void without_a_prefix_every_name_stays() {
    Topics topics = Topics.of(settings());

    assertThat(topics.physical("orders")).isEqualTo("orders");
    assertThat(topics.logical("orders")).isEqualTo("orders");
    assertThat(topics.physical(Pattern.compile("a")).pattern()).isEqualTo("a");
  }

  @Test
  void a_prefix_that_no_topic_can_begin_with_is_refused() {
    assertThatThrownBy(() -> Topics.of(settings("drivetrain.topic-prefix", "a/b")))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "drivetrain.topic-prefix is 'a/b'; expected 1 to 100 letters, digits, dots, dashes or"
                + " underscores");
  }
}
