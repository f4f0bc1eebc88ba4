package io.drivetrain.connector.internal.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TelemetryTest {
  private final OpenTelemetry sdk =
      OpenTelemetrySdk.builder().setMeterProvider(SdkMeterProvider.builder().build()).build();

  @BeforeEach
  @AfterEach
  void reset() {
    GlobalOpenTelemetry.resetForTest();
  }

  private static Optional<?> noBean(Class<?> type) {
    return Optional.empty();
  }

  private static Function<Class<?>, Optional<?>> bean(OpenTelemetry bean) {
    return type -> type == OpenTelemetry.class ? Optional.of(bean) : Optional.empty();
  }

  @Test
  void nothing_is_measured_where_the_api_is_absent() {
    ClassLoader without =
        new ClassLoader(TelemetryTest.class.getClassLoader()) {
          @Override
          protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("io.opentelemetry.")) {
              throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
          }
        };

    assertThat(Telemetry.find(bean(sdk), without)).isSameAs(Telemetry.NONE);
  }

  @Test
  void nothing_is_measured_where_nobody_set_an_opentelemetry_and_it_may_still_be_set() {
    assertThat(Telemetry.find(TelemetryTest::noBean)).isSameAs(Telemetry.NONE);

    assertThat(GlobalOpenTelemetry.isSet()).isFalse();
  }

  @Test
  void the_global_one_measures() {
    GlobalOpenTelemetry.set(sdk);

    assertThat(Telemetry.find(TelemetryTest::noBean)).isNotSameAs(Telemetry.NONE);
  }

  @Test
  void the_applications_bean_comes_first() {
    GlobalOpenTelemetry.set(sdk);

    assertThat(Telemetry.find(bean(OpenTelemetry.noop()))).isSameAs(Telemetry.NONE);
    GlobalOpenTelemetry.resetForTest();
    assertThat(Telemetry.find(bean(sdk))).isNotSameAs(Telemetry.NONE);
  }

  @Test
  void one_that_fails_costs_its_metrics_and_nothing_else() {
    OpenTelemetry old =
        (OpenTelemetry)
            Proxy.newProxyInstance(
                TelemetryTest.class.getClassLoader(),
                new Class<?>[] {OpenTelemetry.class},
                (proxy, method, arguments) -> {
                  throw new NoSuchMethodError(method.getName());
                });

    assertThat(Telemetry.find(bean(old))).isSameAs(Telemetry.NONE);
  }
}
