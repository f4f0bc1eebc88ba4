package io.drivetrain.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.schema.settings.Settings;
import io.drivetrain.schema.settings.SettingsException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CodecsTest {

  /** A value as an application declares it. */
  public static class Widget {
    /** Public for JSON-B. */
    public String name;

    /** Public for JSON-B. */
    public int price;
  }

  @Test
  void json_gives_back_what_it_took() {
    Widget widget = new Widget();
    widget.name = "gear";
    widget.price = 7;

    byte[] bytes = Codecs.json().encode("widgets", widget);
    Widget back = (Widget) Codecs.json().decode("widgets", bytes, Widget.class);

    assertThat(back).usingRecursiveComparison().isEqualTo(widget);
  }

  @Test
  void json_is_read_and_written_in_utf_8() {
    byte[] bytes = "\"Zoë 中 😀\"".getBytes(UTF_8);

    assertThat(Codecs.json().decode("names", bytes, String.class)).isEqualTo("Zoë 中 😀");
    assertThat(Codecs.json().encode("names", "Zoë 中 😀")).isEqualTo(bytes);
  }

  @Test
  void bytes_that_are_not_json_name_the_topic_and_the_type_and_not_the_payload() {
    assertThatThrownBy(
            () -> Codecs.json().decode("widgets", "s3cret{".getBytes(UTF_8), Widget.class))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("topic widgets")
        .hasMessageContaining(Widget.class.getName())
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void a_topic_uses_the_codec_it_is_configured_with_and_json_otherwise() {
    Settings settings = settings("drivetrain.topics.logs.codec", "string");

    assertThat(Codecs.ofTopic(settings, "logs")).isSameAs(Codecs.string());
    assertThat(Codecs.ofTopic(settings, "orders")).isSameAs(Codecs.json());
  }

  @Test
  void an_unknown_codec_lists_those_there_are() {
    Settings settings = settings("drivetrain.topics.logs.codec", "xml");

    assertThatThrownBy(() -> Codecs.ofTopic(settings, "logs"))
        .isInstanceOf(SettingsException.class)
        .hasMessage("drivetrain.topics.logs.codec is 'xml'; expected one of json, string, bytes");
  }

  @Test
  void plain_keys_are_the_text_of_what_identifies_things() {
    UUID uuid = new UUID(1, 2);

    assertThat(Keys.encode("t", "a")).isEqualTo("a".getBytes(UTF_8));
    assertThat(Keys.encode("t", 42L)).isEqualTo("42".getBytes(UTF_8));
    assertThat(Keys.encode("t", uuid)).isEqualTo(uuid.toString().getBytes(UTF_8));
    assertThat(Keys.encode("t", new byte[] {1})).containsExactly(1);
    assertThat(Keys.encode("t", null)).isNull();
    assertThatThrownBy(() -> Keys.encode("t", new Widget()))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining(Widget.class.getName());
  }

  private static Settings settings(String key, String value) {
    return Settings.of(
        new SmallRyeConfigBuilder()
            .withSources(new PropertiesConfigSource(Map.of(key, value), "test", 500))
            .build());
  }
}
