package io.drivetrain.tests.conformance;

import io.drivetrain.tests.conformance.app.RecorderBean;
import io.drivetrain.tests.weld.WeldApp;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/** Weld SE and SmallRye Reactive Messaging in this JVM, in the versions of its class path. */
final class WeldRuntime implements AppRuntime {
  private static final Map<String, Annotation> CHECKS =
      Map.of(
          "started", Startup.Literal.INSTANCE,
          "ready", Readiness.Literal.INSTANCE,
          "live", Liveness.Literal.INSTANCE);

  @Override
  public String description() {
    return "Weld SE "
        + Libraries.version("weld-se-core")
        + ", SmallRye Reactive Messaging "
        + Libraries.version("smallrye-reactive-messaging-provider");
  }

  @Override
  public Deployment deploy(Application application) {
    return new InThisJvm(builder(application).start(), beans(application));
  }

  private static WeldApp.Builder builder(Application application) {
    WeldApp.Builder builder = WeldApp.with().beans(beans(application));
    application.settings().forEach((key, value) -> builder.and(key, value));
    return builder;
  }

  private static Class<?>[] beans(Application application) {
    List<Class<?>> beans = new ArrayList<>(application.beans());
    beans.add(RecorderBean.class);
    return beans.toArray(Class<?>[]::new);
  }

  @Override
  public String refusal(Application application) {
    Throwable refused;
    try {
      builder(application).start().close();
      throw new AssertionError("deployed although it cannot work");
    } catch (RuntimeException e) {
      refused = e;
    }
    Set<String> sentences = new LinkedHashSet<>();
    collect(refused, sentences);
    return String.join(" | ", sentences);
  }

  private static void collect(Throwable thrown, Set<String> sentences) {
    if (thrown.getClass().getName().startsWith("io.drivetrain.")) {
      sentences.add(thrown.getMessage());
    }
    for (Throwable suppressed : thrown.getSuppressed()) {
      collect(suppressed, sentences);
    }
    if (thrown.getCause() != null) {
      collect(thrown.getCause(), sentences);
    }
  }

  private record InThisJvm(WeldApp app, Class<?>[] beans) implements Deployment {
    @Override
    public <T> T get(Class<T> type) {
      return app.get(type);
    }

    @Override
    public Health health(String kind) {
      boolean up = true;
      StringBuilder text = new StringBuilder();
      for (HealthCheck check : app.all(HealthCheck.class, CHECKS.get(kind))) {
        HealthCheckResponse response = check.call();
        up &= response.getStatus() == HealthCheckResponse.Status.UP;
        text.append(response.getName()).append(' ').append(response.getData().orElse(Map.of()));
      }
      return new Health(up, text.toString());
    }

    @Override
    public Deployment another() {
      return new InThisJvm(app.startAnother(beans), beans);
    }

    @Override
    public void close() {
      app.close();
    }
  }
}
