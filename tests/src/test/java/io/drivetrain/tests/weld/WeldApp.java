package io.drivetrain.tests.weld;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigProviderResolver;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.environment.se.WeldContainer;

/**
 * An application in this JVM: Weld SE, SmallRye's reactive messaging runtime, the {@code
 * drivetrain} connector, and the beans and settings a test chooses. One test thread starts and
 * closes it.
 *
 * <pre>{@code
 * try (WeldApp app = WeldApp.with("mp.messaging.incoming.orders.connector", "drivetrain")
 *     .beans(Orders.class).start()) {
 *   app.get(Orders.class)...
 * }
 * }</pre>
 */
public final class WeldApp implements AutoCloseable {
  private final WeldContainer container;
  private final InstanceBeans instances;
  private final Registration registration;

  private WeldApp(WeldContainer container, InstanceBeans instances, Registration registration) {
    this.container = container;
    this.instances = instances;
    this.registration = registration;
  }

  /** Starts to describe an application by settings: key, value, key, value. */
  public static Builder with(String... keysAndValues) {
    return new Builder().and(keysAndValues);
  }

  /** A bean of the application, as a client proxy if its scope has one. */
  public <T> T get(Class<T> type) {
    return container.select(type).get();
  }

  /** Every bean of a type that has this qualifier. */
  public <T> List<T> all(Class<T> type, Annotation qualifier) {
    return container.select(type, qualifier).stream().toList();
  }

  /**
   * Starts another instance of the application, a second node, with the same settings and objects
   * of the test and with beans of its own. Close it like the first.
   */
  public WeldApp startAnother(Class<?>... beans) {
    return boot(List.of(beans), instances, registration.shared());
  }

  /** Stops the application as a server would. */
  @Override
  public void close() {
    try {
      container.close();
    } finally {
      registration.release();
    }
  }

  private static WeldApp boot(
      List<Class<?>> beans, InstanceBeans instances, Registration registration) {
    try {
      Weld weld =
          new Weld("test-" + UUID.randomUUID())
              .addBeanClasses(beans.toArray(Class<?>[]::new))
              .addExtension(new ModuleFilter())
              .addExtension(instances);
      return new WeldApp(weld.initialize(), instances, registration);
    } catch (RuntimeException | Error e) {
      registration.release();
      throw e;
    }
  }

  /** Describes an application. */
  public static final class Builder {
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final List<Class<?>> beans = new ArrayList<>();
    private final InstanceBeans instances = new InstanceBeans();

    private Builder() {}

    /** More settings: key, value, key, value. */
    public Builder and(String... keysAndValues) {
      if (keysAndValues.length % 2 != 0) {
        throw new IllegalArgumentException("a key without a value: " + List.of(keysAndValues));
      }
      for (int i = 0; i < keysAndValues.length; i += 2) {
        settings.put(keysAndValues[i], keysAndValues[i + 1]);
      }
      return this;
    }

    /** The application's own bean classes. */
    public Builder beans(Class<?>... classes) {
      beans.addAll(List.of(classes));
      return this;
    }

    /** An object of the test that beans inject by this type. */
    public <T> Builder instance(Class<T> type, T object) {
      instances.add(type, Optional.empty(), object);
      return this;
    }

    /** An object of the test that beans inject by this type and name. */
    public <T> Builder instance(Class<T> type, String name, T object) {
      instances.add(type, Optional.of(name), object);
      return this;
    }

    /**
     * Starts the application.
     *
     * @throws RuntimeException what the deployment failed with
     */
    public WeldApp start() {
      return boot(beans, instances, Registration.of(settings));
    }
  }

  /** A configuration known to MicroProfile Config until the last application of it is closed. */
  private static final class Registration {
    private final Config config;
    private final AtomicInteger users = new AtomicInteger(1);

    private Registration(Config config) {
      this.config = config;
    }

    static Registration of(Map<String, String> settings) {
      ClassLoader loader = Thread.currentThread().getContextClassLoader();
      Config config =
          new SmallRyeConfigBuilder()
              .forClassLoader(loader)
              .addDiscoveredConverters()
              .addDefaultInterceptors()
              .withSources(new PropertiesConfigSource(settings, "the test", 1_000))
              .build();
      ConfigProviderResolver.instance().registerConfig(config, loader);
      // The runtime's own extension only finds a configuration that was asked for before.
      ConfigProviderResolver.instance().getConfig(loader);
      return new Registration(config);
    }

    Registration shared() {
      users.incrementAndGet();
      return this;
    }

    void release() {
      if (users.decrementAndGet() == 0) {
        ConfigProviderResolver.instance().releaseConfig(config);
      }
    }
  }
}
