package io.drivetrain.connector.internal.payload;

import io.drivetrain.connector.UndecodableException;
import io.drivetrain.schema.Codec;
import io.drivetrain.schema.CodecException;
import io.drivetrain.schema.TopicFormat;
import io.drivetrain.schema.settings.Settings;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Builds the {@link Payload} of a lane from what the method takes and what is configured. Used once
 * per lane, at deployment, so that what can never work fails there.
 */
public final class Payloads {
  private final Settings root;
  private final boolean keysWithSchema;
  private final Optional<Deserializer<?>> keyDeserializer;
  private final Optional<Deserializer<?>> valueDeserializer;

  /**
   * Sources of decoders.
   *
   * @param root settings with the topics' formats
   * @param keysWithSchema whether keys may have a schema, and so types without a plain form
   * @param keyDeserializer the explicitly configured one, for one lane
   * @param valueDeserializer the explicitly configured one, for one lane
   */
  public Payloads(
      Settings root,
      boolean keysWithSchema,
      Optional<Deserializer<?>> keyDeserializer,
      Optional<Deserializer<?>> valueDeserializer) {
    this.root = root;
    this.keysWithSchema = keysWithSchema;
    this.keyDeserializer = keyDeserializer;
    this.valueDeserializer = valueDeserializer;
  }

  /**
   * Builds.
   *
   * @throws IllegalArgumentException if nothing can decode the type; the caller knows the method
   *     and words the error
   */
  public Payload of(ParameterType type) {
    return new Payload(
        type.batch(),
        type.custom(),
        type.custom().isPresent() ? record -> record : records(type.element()),
        keys(String.class));
  }

  private RecordDecoder records(Type type) {
    Class<?> raw = ParameterType.rawClass(type);
    if (raw == ConsumerRecord.class) {
      return type instanceof Class<?>
          ? record -> record
          : consumerRecords(ParameterType.argument(type, 0), ParameterType.argument(type, 1));
    }
    if (raw == Optional.class) {
      ValueDecoder values = values(ParameterType.argument(type, 0));
      return record ->
          record.value() == null ? Optional.empty() : Optional.of(values.decode(record));
    }
    ValueDecoder values = values(type);
    return record -> {
      if (record.value() == null) {
        throw new UndecodableException(
            "the record is a tombstone, it has no value, and "
                + type.getTypeName()
                + " cannot hold one; take ConsumerRecord or Optional");
      }
      return values.decode(record);
    };
  }

  private RecordDecoder consumerRecords(Type keyType, Type valueType) {
    KeyDecoder keys = keys(keyType);
    boolean rawKey = keyDeserializer.isEmpty() && isRaw(keyType);
    boolean rawValue = valueDeserializer.isEmpty() && isRaw(valueType);
    if (rawKey && rawValue) {
      return record -> record;
    }
    ValueDecoder values = rawValue ? record -> record.value() : values(valueType);
    return record ->
        RecordDecoder.copy(
            record, keys.decode(record), record.value() == null ? null : values.decode(record));
  }

  private static boolean isRaw(Type type) {
    return type == byte[].class || type == Object.class;
  }

  private KeyDecoder keys(Type type) {
    if (keyDeserializer.isEmpty()) {
      return keysWithSchema ? keysByTopic(type) : PlainKeys.of(ParameterType.rawClass(type));
    }
    Deserializer<?> deserializer = keyDeserializer.get();
    return record -> {
      try {
        return record.key() == null
            ? null
            : deserializer.deserialize(record.topic(), record.headers(), record.key());
      } catch (RuntimeException e) {
        throw new UndecodableException("the key cannot be decoded by " + name(deserializer), e);
      }
    };
  }

  private KeyDecoder keysByTopic(Type type) {
    Class<?> raw = ParameterType.rawClass(type);
    KeyDecoder plain =
        PlainKeys.has(raw)
            ? PlainKeys.of(raw)
            : record -> {
              throw new UndecodableException(
                  "keys of topic " + record.topic() + " are plain, and none is a " + raw.getName());
            };
    Map<String, TopicFormat> formats = new HashMap<>();
    return record -> {
      if (record.key() == null) {
        return null;
      }
      TopicFormat format = format(formats, record.topic());
      if (format.keys().isEmpty()) {
        return plain.decode(record);
      }
      try {
        return format.keys().get().decode(record.key(), type);
      } catch (CodecException e) {
        throw new UndecodableException(e.getMessage(), e.getCause());
      }
    };
  }

  private TopicFormat format(Map<String, TopicFormat> known, String name) {
    return known.computeIfAbsent(name, topic -> TopicFormat.of(root, topic));
  }

  private ValueDecoder values(Type type) {
    Class<?> raw = ParameterType.rawClass(type);
    if (valueDeserializer.isPresent()) {
      return deserialized(valueDeserializer.get(), wrapped(raw));
    }
    if (raw == byte[].class) {
      return record -> record.value();
    }
    return decodedByTopic(type);
  }

  private ValueDecoder decodedByTopic(Type type) {
    Map<String, TopicFormat> formats = new HashMap<>();
    return record -> {
      Codec codec = format(formats, record.topic()).values();
      if (type == String.class && codec.textIsEncoded()) {
        return new String(record.value(), StandardCharsets.UTF_8);
      }
      Object value;
      try {
        value = codec.decode(record.topic(), record.value(), type);
      } catch (CodecException e) {
        throw new UndecodableException(e.getMessage(), e.getCause());
      }
      if (value == null) {
        throw new UndecodableException(
            "the value decodes to nothing, and " + type.getTypeName() + " cannot hold that");
      }
      return value;
    };
  }

  private static ValueDecoder deserialized(Deserializer<?> deserializer, Class<?> type) {
    return record -> {
      Object value;
      try {
        value = deserializer.deserialize(record.topic(), record.headers(), record.value());
      } catch (RuntimeException e) {
        throw new UndecodableException("the value cannot be decoded by " + name(deserializer), e);
      }
      if (!type.isInstance(value)) {
        throw new UndecodableException(
            name(deserializer)
                + " gives "
                + (value == null ? "nothing" : value.getClass().getName())
                + ", and the method takes "
                + type.getName());
      }
      return value;
    };
  }

  private static Class<?> wrapped(Class<?> type) {
    return type.isPrimitive()
        ? java.lang.invoke.MethodType.methodType(type).wrap().returnType()
        : type;
  }

  private static String name(Deserializer<?> deserializer) {
    return deserializer.getClass().getName();
  }
}
