package io.drivetrain.testkitapp.internal.container;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigProviderResolver;

/**
 * The application's configuration as on a server, and what a test says above it. Known to
 * MicroProfile Config until it is closed.
 */
public final class TestConfig implements AutoCloseable {
  /** Where a part of the application names brokers of its own. */
  private static final Pattern SERVERS =
      Pattern.compile(
          "(mp\\.messaging\\.(incoming|outgoing|connector)\\..+\\.|drivetrain\\.producer\\."
              + "|drivetrain\\.outbox\\.kafka\\.|kafka\\.)bootstrap\\.servers");

  private final Config config;

  private TestConfig(Config config) {
    this.config = config;
  }

  /**
   * Builds and registers it for the calling thread's class loader.
   *
   * @param settings of the test; they win
   * @param servers all brokers, whatever the application says
   */
  public static TestConfig register(Map<String, String> settings, String servers) {
    Map<String, String> above = new HashMap<>(settings);
    for (String name : build(settings).getPropertyNames()) {
      if (SERVERS.matcher(name).matches()) {
        above.put(name, servers);
      }
    }
    above.put("kafka.bootstrap.servers", servers);
    Config config = build(above);
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    ConfigProviderResolver.instance().registerConfig(config, loader);
    // The runtime's own extension only finds a configuration that was asked for before.
    ConfigProviderResolver.instance().getConfig(loader);
    return new TestConfig(config);
  }

  private static Config build(Map<String, String> above) {
    return new SmallRyeConfigBuilder()
        .forClassLoader(Thread.currentThread().getContextClassLoader())
        .addDefaultSources()
        .addDiscoveredSources()
        .addDiscoveredConverters()
        .addDefaultInterceptors()
        .withSources(new PropertiesConfigSource(above, "the test", 1_000))
        .build();
  }

  /** The configuration. */
  public Config config() {
    return config;
  }

  @Override
  public void close() {
    ConfigProviderResolver.instance().releaseConfig(config);
  }
}
