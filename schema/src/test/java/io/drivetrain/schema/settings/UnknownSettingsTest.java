package io.drivetrain.schema.settings;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.List;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;

class UnknownSettingsTest {
  private static final List<String> KNOWN =
      List.of("drivetrain.outbox.batch-size", "drivetrain.outbox.kafka.");

  @Test
  void a_misspelt_key_is_refused_with_the_nearest() {
    assertThatThrownBy(() -> check("drivetrain.outbox.batch-sise"))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "drivetrain.outbox.batch-sise is not a setting; did you mean"
                + " drivetrain.outbox.batch-size?");
  }

  @Test
  void a_key_like_no_other_is_refused_with_all_that_are_known() {
    assertThatThrownBy(() -> check("drivetrain.outbox.x"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("expected one of drivetrain.outbox.batch-size");
  }

  @Test
  void known_keys_keys_below_a_dot_and_other_modules_keys_pass() {
    assertThatCode(
            () ->
                check(
                    "drivetrain.outbox.batch-size",
                    "drivetrain.outbox.kafka.compression.type",
                    "drivetrain.entity-sync.x",
                    "DRIVETRAIN_OUTBOX_BATCH_SIZE",
                    // as some Config implementations list the variable
                    "drivetrain.outbox.batch.size"))
        .doesNotThrowAnyException();
  }

  private static void check(String... keys) {
    Config config =
        (Config)
            Proxy.newProxyInstance(
                UnknownSettingsTest.class.getClassLoader(),
                new Class<?>[] {Config.class},
                (proxy, method, arguments) -> List.of(keys));
    Settings.of(config).refuseUnknown("drivetrain.outbox.", KNOWN);
  }
}
