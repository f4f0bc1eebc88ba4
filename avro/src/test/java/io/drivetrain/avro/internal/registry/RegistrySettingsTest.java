package io.drivetrain.avro.internal.registry;

import static io.drivetrain.avro.internal.TestSettings.config;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.schema.settings.Settings;
import io.drivetrain.schema.settings.SettingsException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RegistrySettingsTest {

  private static RegistrySettings read(String... keysAndValues) {
    String[] full = keysAndValues.clone();
    for (int i = 0; i < full.length; i += 2) {
      full[i] = "drivetrain.schema-registry." + full[i];
    }
    return RegistrySettings.read(Settings.of(config(full)), "");
  }

  @Test
  void an_address_is_enough() {
    RegistrySettings settings = read("url", "http://a:1/x/, https://b:2");

    assertThat(settings.urls()).hasToString("[http://a:1/x, https://b:2]");
    assertThat(settings.authorization()).isEmpty();
    assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.registers()).isTrue();
  }

  @Test
  void user_or_token_become_a_header_that_is_shown_nowhere() {
    RegistrySettings basic = read("url", "http://a:1", "username", "u", "password", "s3cret");

    assertThat(basic.authorization()).contains("Basic dTpzM2NyZXQ=");
    assertThat(basic.toString()).doesNotContain("s3cret", "dTpz");
    assertThat(read("url", "http://a:1", "token", "t0ken").authorization())
        .contains("Bearer t0ken");
  }

  @Test
  void mistakes_are_sentences_without_secrets() {
    assertThatThrownBy(() -> read("url", "http://user:s3cret@a:1"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("http://***@a:1")
        .hasMessageNotContaining("s3cret");
    assertThatThrownBy(() -> read("url", "localhost:8081")).isInstanceOf(SettingsException.class);
    assertThatThrownBy(() -> read()).hasMessageContaining("url is not set");
    assertThatThrownBy(() -> read("url", "http://a", "username", "u", "token", "s3cret"))
        .isInstanceOf(SettingsException.class)
        .hasMessageNotContaining("s3cret");
    assertThatThrownBy(() -> read("url", "http://a", "pasword", "s3cret"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("drivetrain.schema-registry.pasword is not a setting")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void a_registry_may_have_a_name() {
    Settings root =
        Settings.of(
            config(
                "drivetrain.schema-registry.url", "http://a:1",
                "drivetrain.schema-registry.partner.url", "http://b:2",
                "drivetrain.schema-registry.partner.auto-register", "false"));

    assertThat(RegistrySettings.read(root, "partner").urls()).hasToString("[http://b:2]");
    assertThat(RegistrySettings.read(root, "partner").registers()).isFalse();
    assertThatThrownBy(() -> RegistrySettings.read(root, "other"))
        .hasMessageContaining("drivetrain.schema-registry.other.url is not set");
  }
}
