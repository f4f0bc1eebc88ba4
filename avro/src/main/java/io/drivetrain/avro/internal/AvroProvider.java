package io.drivetrain.avro.internal;

import io.drivetrain.avro.internal.registry.Registry;
import io.drivetrain.avro.internal.registry.RegistrySettings;
import io.drivetrain.schema.CodecProvider;
import io.drivetrain.schema.KeyCodec;
import io.drivetrain.schema.KeyKind;
import io.drivetrain.schema.settings.PerConfig;
import io.drivetrain.schema.settings.Settings;
import io.drivetrain.schema.settings.SettingsException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.avro.Schema;

/** Makes the codecs of topics in Avro by their settings: the one place that knows their names. */
public final class AvroProvider implements CodecProvider {

  /** Where schemas are on the class path. */
  public static final String DIRECTORY = "drivetrain.schemas.path";

  /** What {@link #DIRECTORY} is unless set. */
  public static final String DEFAULT_DIRECTORY = "schemas";

  private static final String SCHEMA = "schema";
  private static final String FORMER = "former-schemas";
  private static final String KEY_SCHEMA = "key-schema";
  private static final String KEY_FIELD = "key-field";
  private static final String REGISTRY = "registry";
  private static final String UNKNOWN = "unknown-fields";

  private static final PerConfig<Map<String, Registry>> REGISTRIES =
      new PerConfig<>(settings -> new ConcurrentHashMap<>());

  /** For {@link java.util.ServiceLoader}. */
  public AvroProvider() {}

  @Override
  public String name() {
    return "avro";
  }

  @Override
  public List<String> settings() {
    return List.of(SCHEMA, FORMER, KEY_SCHEMA, REGISTRY, UNKNOWN);
  }

  @Override
  public Made make(Settings root, String topic, String prefix, KeyKind keys) {
    Optional<Registry> registry = registry(root, prefix);
    Function<String, Frame> frames =
        suffix ->
            registry
                .<Frame>map(each -> new RegistryFrame(each, topic, suffix))
                .orElseGet(() -> new FingerprintFrame(topic));
    LocalSchemas local = new LocalSchemas(root.text(DIRECTORY, DEFAULT_DIRECTORY));
    Optional<Schema> schema =
        root.text(prefix + SCHEMA).map(name -> load(local, prefix + SCHEMA, name));
    if (schema.isEmpty() && registry.isEmpty()) {
      throw new SettingsException(
          prefix
              + SCHEMA
              + " is not set, nor is "
              + RegistrySettings.PREFIX
              + "url; expected a schema's full name, or its .avsc on the class path");
    }
    Frame values = frames.apply("-value");
    for (String former : root.list(prefix + FORMER)) {
      // A directory of versions has the same names again and again.
      values.know(
          load(new LocalSchemas(root.text(DIRECTORY, DEFAULT_DIRECTORY)), prefix + FORMER, former));
    }
    boolean ignores =
        root.oneOf(prefix + UNKNOWN, List.of("refuse", "ignore"), "refuse").equals("ignore");
    return new Made(
        new AvroCodec(
            topic,
            schema,
            values,
            new ToAvro(ignores),
            new AutoFields(InstantSource.system(), UUID::randomUUID)),
        keyCodec(root, topic, prefix, keys, schema, frames.apply("-key"), local));
  }

  private static Optional<KeyCodec> keyCodec(
      Settings root,
      String topic,
      String prefix,
      KeyKind keys,
      Optional<Schema> value,
      Frame frame,
      LocalSchemas local) {
    if (keys == KeyKind.SCHEMA) {
      String name =
          root.required(prefix + KEY_SCHEMA, "the full name of the key's schema, or its .avsc");
      Schema schema = load(local, prefix + KEY_SCHEMA, name);
      return Optional.of(new AvroKeyCodec(topic, schema, Optional.empty(), frame));
    }
    if (keys != KeyKind.FIELD) {
      return Optional.empty();
    }
    String field = root.required(prefix + KEY_FIELD, "a field of the value");
    Schema of =
        value.orElseThrow(
            () ->
                new SettingsException(
                    prefix
                        + SCHEMA
                        + " is not set; expected the schema that has the field "
                        + field
                        + ", because that is the key"));
    return Optional.of(
        new AvroKeyCodec(
            topic, KeySchemas.of(of, prefix + KEY_FIELD, field), Optional.of(field), frame));
  }

  private static Optional<Registry> registry(Settings root, String prefix) {
    String name = root.text(prefix + REGISTRY, "");
    if (name.equals("none") || name.isEmpty() && !RegistrySettings.present(root)) {
      return Optional.empty();
    }
    return Optional.of(
        REGISTRIES
            .of(root)
            .computeIfAbsent(name, each -> new Registry(RegistrySettings.read(root, each))));
  }

  private static Schema load(LocalSchemas local, String key, String name) {
    try {
      return local.load(name);
    } catch (IllegalArgumentException e) {
      throw new SettingsException(key + " is '" + name + "': " + e.getMessage());
    }
  }
}
