package io.drivetrain.schema;

import io.drivetrain.schema.settings.Nearest;
import io.drivetrain.schema.settings.PerConfig;
import io.drivetrain.schema.settings.Settings;
import io.drivetrain.schema.settings.SettingsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the records of one topic look like, keys and values, by {@code drivetrain.topics.<topic>.*}.
 * Every way into Kafka encodes by it, so that the same record has the same bytes, and so the same
 * partition, whichever way it takes. Immutable, thread-safe; one per application and topic.
 */
public final class TopicFormat {
  private static final String CODEC = "codec";
  private static final String KEY = "key";
  private static final String KEY_FIELD = "key-field";
  private static final List<String> OWN = List.of(CODEC, KEY, KEY_FIELD, Topics.PREFIXED);

  private static final PerConfig<Map<String, TopicFormat>> FORMATS =
      new PerConfig<>(settings -> new ConcurrentHashMap<>());

  private final String topic;
  private final Codec values;
  private final KeyKind kind;
  private final Optional<KeyCodec> keys;
  private final FieldPath field;

  private TopicFormat(
      String topic, Codec values, KeyKind kind, Optional<KeyCodec> keys, FieldPath field) {
    this.topic = topic;
    this.values = values;
    this.kind = kind;
    this.keys = keys;
    this.field = field;
  }

  /**
   * The format of a topic.
   *
   * @param topic with or without the prefix of {@link Topics}
   * @throws SettingsException if its settings cannot be used
   */
  public static TopicFormat of(Settings root, String topic) {
    Map<String, TopicFormat> formats = FORMATS.of(root);
    String physical = Topics.of(root).physical(topic);
    TopicFormat known = formats.get(physical);
    if (known == null) {
      known = formats.computeIfAbsent(physical, name -> read(root, name));
    }
    return known;
  }

  private static TopicFormat read(Settings root, String topic) {
    String prefix = Topics.SETTINGS + Topics.of(root).logical(topic) + ".";
    Optional<CodecProvider> provider = Codecs.provider(root, prefix + CODEC);
    refuseUnknown(root, prefix, provider);
    KeyKind kind = kind(root, prefix);
    if (provider.isPresent()) {
      CodecProvider.Made made = provider.get().make(root, topic, prefix, kind);
      return new TopicFormat(topic, made.values(), kind, made.keys(), null);
    }
    if (kind == KeyKind.SCHEMA) {
      throw SettingsException.of(
          prefix + KEY, "schema", "plain, none or field, because " + prefix + CODEC + " has none");
    }
    FieldPath field =
        kind == KeyKind.FIELD
            ? new FieldPath(root.required(prefix + KEY_FIELD, "a field of the value"))
            : null;
    return new TopicFormat(topic, Codecs.own(root, prefix + CODEC), kind, Optional.empty(), field);
  }

  private static KeyKind kind(Settings root, String prefix) {
    String text = root.text(prefix + KEY, "");
    if (text.isEmpty()) {
      // Naming the field says it all.
      return root.text(prefix + KEY_FIELD).isPresent() ? KeyKind.FIELD : KeyKind.OPTIONAL;
    }
    root.oneOf(prefix + KEY, List.of("plain", "none", "field", "schema"), "plain");
    return KeyKind.valueOf(text.toUpperCase(Locale.ROOT));
  }

  /** Names with a dot may be those of a topic whose name goes on. */
  private static void refuseUnknown(
      Settings root, String prefix, Optional<CodecProvider> provider) {
    List<String> known = new ArrayList<>(OWN);
    provider.ifPresent(found -> known.addAll(found.settings()));
    for (String key : root.keys()) {
      String name = key.startsWith(prefix) ? key.substring(prefix.length()) : "";
      if (!name.isEmpty() && name.indexOf('.') < 0 && !known.contains(name)) {
        throw new SettingsException(
            key
                + " is not a setting"
                + provider.map(found -> " of a topic with codec " + found.name()).orElse("")
                + Nearest.to(name, known)
                    .map(near -> "; did you mean " + prefix + near + "?")
                    .orElse("; expected one of " + String.join(", ", known)));
      }
    }
  }

  /** Says at deployment that this application writes to the topic; see {@link Codec}. */
  public TopicFormat forWriting() {
    values.expectWrites();
    keys.ifPresent(KeyCodec::expectWrites);
    return this;
  }

  /** The topic as Kafka knows it. */
  public String topic() {
    return topic;
  }

  /** The codec of values. */
  public Codec values() {
    return values;
  }

  /** How keys are made. */
  public KeyKind keyKind() {
    return kind;
  }

  /** The codec of keys, if they have a schema; others are plain, see {@link Keys}. */
  public Optional<KeyCodec> keys() {
    return keys;
  }

  /**
   * Encodes a record. A {@code byte[]} counts as encoded; a null value is a tombstone.
   *
   * @param key null for none, or for one that is taken from the value
   * @throws CodecException if key or value cannot be encoded, or there is no key where one has to
   *     be
   * @throws RegistryUnavailableException if a registry is needed and away
   */
  public Encoded encode(Object key, Object value) {
    if (value == null || value instanceof byte[]) {
      return new Encoded(key(key, value), (byte[]) value);
    }
    Object completed = values.completed(value);
    return new Encoded(key(key, completed), values.encode(topic, completed));
  }

  /** The same as channels do it: text counts as encoded, where the format is text. */
  public Encoded encodeOfChannel(Object key, Object value) {
    return value instanceof String text && values.textIsEncoded()
        ? new Encoded(key(key, value), text.getBytes(java.nio.charset.StandardCharsets.UTF_8))
        : encode(key, value);
  }

  /**
   * Encodes a key alone.
   *
   * @param value from which it may be taken; null for a tombstone
   * @throws CodecException if it cannot be encoded, or there is none where one has to be
   */
  public byte[] key(Object key, Object value) {
    if (kind == KeyKind.NONE && key != null) {
      throw new CodecException(
          "topic " + topic + ": its records have no key (key=none), and one was given");
    }
    byte[] encoded;
    if (key instanceof byte[] bytes) {
      encoded = bytes;
    } else if (keys.isPresent()) {
      encoded = keys.get().encode(key, value);
    } else {
      encoded = Keys.encode(topic, key == null && field != null ? taken(value) : key);
    }
    if (encoded == null && kind != KeyKind.OPTIONAL && kind != KeyKind.NONE) {
      throw new CodecException(
          "topic "
              + topic
              + ": a record without a key; its key is "
              + kind.name().toLowerCase(Locale.ROOT)
              + (kind == KeyKind.FIELD && value == null ? ", and a tombstone has no field" : "")
              + ", so it needs one");
    }
    return encoded;
  }

  private Object taken(Object value) {
    if (value == null || value instanceof byte[] || value instanceof String) {
      return null;
    }
    return field.of(topic, value);
  }
}
