package io.drivetrain.schema.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.ServiceLoader;
import javax.naming.NameNotFoundException;
import javax.naming.ServiceUnavailableException;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.Test;

class JndiSourceTest {
  private static final String KEY = "kafka.ssl.keystore.password";

  private static Config config(String value, JndiSource.Lookup jndi) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .withSources(
            new JndiSource(jndi), new PropertiesConfigSource(Map.of(KEY, value), "file", 100))
        .build();
  }

  private static Config bound(String value, Object what) {
    return config(
        value,
        name -> {
          if (name.equals("shop/password")) {
            return what;
          }
          throw new NameNotFoundException(name);
        });
  }

  @Test
  void a_setting_contains_what_is_bound() {
    Config config = bound("(${jndi/shop/password})", "hunter2");

    assertThat(config.getValue(KEY, String.class)).isEqualTo("(hunter2)");
    assertThat(KafkaProperties.common(config)).containsEntry("ssl.keystore.password", "(hunter2)");
  }

  @Test
  void a_name_that_is_not_bound_is_named() {
    Config config = bound("${jndi/shop/pasword}", "hunter2");

    assertThatThrownBy(() -> config.getValue(KEY, String.class))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessageContaining("jndi/shop/pasword")
        .hasMessageContaining(KEY);
  }

  @Test
  void what_is_no_text_is_refused_without_its_value() {
    Config config = bound("${jndi/shop/password}", 12345);

    assertThatThrownBy(() -> config.getValue(KEY, String.class))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("jndi/shop/password is bound to a java.lang.Integer; expected text")
        .hasMessageNotContaining("12345");
  }

  @Test
  void a_naming_service_that_fails_is_no_missing_setting() {
    Config config =
        config(
            "${jndi/shop/password}",
            name -> {
              throw new ServiceUnavailableException("closed");
            });

    assertThatThrownBy(() -> config.getValue(KEY, String.class))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("jndi/shop/password cannot be looked up: closed");
  }

  @Test
  void nothing_else_is_looked_up_and_nothing_is_listed() {
    Config config =
        config(
            "plain",
            name -> {
              throw new AssertionError(name);
            });

    assertThat(config.getValue(KEY, String.class)).isEqualTo("plain");
    assertThat(config.getPropertyNames()).noneMatch(name -> name.startsWith("jndi/"));
  }

  @Test
  void every_application_has_it() {
    assertThat(ServiceLoader.load(ConfigSource.class)).hasAtLeastOneElementOfType(JndiSource.class);
  }
}
