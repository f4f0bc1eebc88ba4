package io.drivetrain.avro.internal;

import io.drivetrain.schema.TopicFormat;
import io.drivetrain.schema.settings.Settings;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;

/** Configurations of tests. */
public final class TestSettings {
  private TestSettings() {}

  /** A configuration of its own. */
  public static SmallRyeConfig config(String... keysAndValues) {
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return new SmallRyeConfigBuilder()
        .withSources(new PropertiesConfigSource(map, "test", 500))
        .build();
  }

  /** The topic {@code orders} in Avro, with these settings of it, without what all begin with. */
  public static TopicFormat orders(String... namesAndValues) {
    String[] all = new String[namesAndValues.length + 2];
    all[0] = "drivetrain.topics.orders.codec";
    all[1] = "avro";
    for (int i = 0; i < namesAndValues.length; i += 2) {
      String name = namesAndValues[i];
      all[i + 2] = name.startsWith("drivetrain.") ? name : "drivetrain.topics.orders." + name;
      all[i + 3] = namesAndValues[i + 1];
    }
    return TopicFormat.of(Settings.of(config(all)), "orders");
  }
}
