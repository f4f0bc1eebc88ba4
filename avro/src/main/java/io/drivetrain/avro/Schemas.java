package io.drivetrain.avro;

import io.drivetrain.avro.internal.AvroProvider;
import io.drivetrain.avro.internal.LocalSchemas;
import io.drivetrain.avro.internal.SchemaCheck;
import io.drivetrain.avro.internal.registry.Registry;
import io.drivetrain.avro.internal.registry.RegistrySettings;
import io.drivetrain.schema.Topics;
import io.drivetrain.schema.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.eclipse.microprofile.config.Config;

/**
 * What a build or a test wants to know of schemas before anything is deployed. Stateless,
 * thread-safe; only {@link #registry} opens a connection.
 */
public final class Schemas {
  private Schemas() {}

  /**
   * A schema of the class path, with what it uses from other files.
   *
   * @param name its full name ({@code com.example.Order}: {@code schemas/com/example/Order.avsc},
   *     or a generated class), or a resource that ends with {@code .avsc}
   * @throws IllegalArgumentException if there is none, or it is no schema
   */
  public static Schema load(String name) {
    return new LocalSchemas(AvroProvider.DEFAULT_DIRECTORY).load(name);
  }

  /** Whether each of two schemas can read what was written with the other. */
  public static CompatibilityReport compatible(Schema a, Schema b) {
    return compatible(Compatibility.FULL, a, b);
  }

  /**
   * As {@link #compatible(Schema, Schema)}.
   *
   * @param a a schema as JSON text
   * @param b another
   */
  public static CompatibilityReport compatible(String a, String b) {
    return compatible(new Schema.Parser().parse(a), new Schema.Parser().parse(b));
  }

  /**
   * Whether a schema may follow another.
   *
   * @param next the version to come
   * @param previous the one there is
   */
  public static CompatibilityReport compatible(Compatibility asked, Schema next, Schema previous) {
    List<String> found = new ArrayList<>();
    if (asked != Compatibility.FORWARD) {
      found.addAll(SchemaCheck.unreadable("the next version", next, "the previous", previous));
    }
    if (asked != Compatibility.BACKWARD) {
      found.addAll(SchemaCheck.unreadable("the previous version", previous, "the next", next));
    }
    return new CompatibilityReport(asked, found);
  }

  /**
   * What is wrong with a value for a schema, each with its path; empty if it can be written.
   *
   * @param value a map, a {@code GenericRecord} or an instance of a generated class
   */
  public static List<String> problems(Schema schema, Object value) {
    return SchemaCheck.problems(schema, value);
  }

  /**
   * Whether the registry would take a schema as the next version of a topic's values, by the rule
   * that the registry has for that subject; empty if so, or if there is nothing yet.
   *
   * @param config with {@code drivetrain.schema-registry.*} and, where there is one, {@code
   *     drivetrain.topic-prefix}
   * @param topic without the prefix
   * @return what the registry objects
   * @throws io.drivetrain.schema.RegistryUnavailableException if it does not answer
   * @throws io.drivetrain.schema.settings.SettingsException if it is not configured
   */
  public static List<String> registry(Config config, String topic, Schema next) {
    Settings root = Settings.of(config);
    String name =
        root.text("drivetrain.topics." + Topics.of(root).logical(topic) + ".registry", "");
    return new Registry(RegistrySettings.read(root, name))
        .objections(Topics.of(root).physical(topic) + "-value", next);
  }
}
