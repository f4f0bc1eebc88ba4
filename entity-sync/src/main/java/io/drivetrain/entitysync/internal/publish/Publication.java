package io.drivetrain.entitysync.internal.publish;

import io.drivetrain.entitysync.Published.Change;
import io.drivetrain.entitysync.internal.mapping.Attribute;
import io.drivetrain.entitysync.internal.mapping.EntityShape;
import io.drivetrain.outbox.EncodedMessage;
import io.drivetrain.schema.TopicFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One topic that an entity's changes go to: a {@code @Published} with what configuration says.
 * Immutable, thread-safe.
 *
 * @param shape the entity
 * @param topic the topic
 * @param format what the topic's records look like
 * @param key the attribute that is the record key
 * @param published the attributes in the payload
 * @param watched the attributes whose change is worth an event; the key is always among them
 * @param on the kinds of change
 */
record Publication(
    EntityShape shape,
    String topic,
    TopicFormat format,
    Attribute key,
    List<Attribute> published,
    List<Attribute> watched,
    Set<Change> on) {

  /** The record key's value now. */
  Object keyOf(Object entity) {
    Object value = key.get(entity);
    if (value == null) {
      throw new IllegalStateException(
          shape.name()
              + " "
              + shape.idOf(entity)
              + " cannot be published to "
              + topic
              + ": its key attribute "
              + key.name()
              + " is null");
    }
    return value;
  }

  /** The payload now, encoded. */
  byte[] encode(Object entity) {
    Map<String, Object> payload = new LinkedHashMap<>();
    for (Attribute attribute : published) {
      payload.put(attribute.name(), attribute.plain(entity));
    }
    return format.values().encode(topic, payload);
  }

  EncodedMessage message(Object recordKey, byte[] value) {
    return new EncodedMessage(topic, format.key(recordKey, null), value, List.of(), null, null);
  }
}
