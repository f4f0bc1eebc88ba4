package io.drivetrain.entitysync.internal.publish;

import io.drivetrain.entitysync.EntityEventException;
import io.drivetrain.entitysync.EntityPublisher;
import io.drivetrain.entitysync.Published.Change;
import io.drivetrain.entitysync.internal.mapping.Attribute;
import io.drivetrain.entitysync.internal.mapping.EntityShape;
import io.drivetrain.outbox.EncodedMessage;
import io.drivetrain.outbox.EncodedMessage.Header;
import io.drivetrain.schema.CodecException;
import io.drivetrain.schema.Codecs;
import io.drivetrain.schema.TopicFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * One topic that an entity's changes go to: a {@code @Published} with what configuration says.
 * Immutable, thread-safe.
 *
 * @param shape the entity
 * @param topic the topic
 * @param format what the topic's records look like
 * @param key the attributes that are the record key
 * @param published the attributes in the payload
 * @param embedded those of them that are written as the entity they refer to
 * @param watched the attributes whose change is worth an event; the key's are always among them
 * @param on the kinds of change
 * @param custom the application's publisher, asked for at the first event
 */
record Publication(
    EntityShape shape,
    String topic,
    TopicFormat format,
    RecordKey key,
    List<Attribute> published,
    Set<Attribute> embedded,
    List<Attribute> watched,
    Set<Change> on,
    Supplier<EntityPublisher<Object>> custom) {

  /** What publishes as annotated. */
  static final EntityPublisher<Object> AS_ANNOTATED = new EntityPublisher<>() {};

  /** A key and what is written under it. */
  record Shot(Object key, Content content) {}

  /** The key's value now, as consumers know it. */
  Object keyOf(Object entity) {
    List<String> problems = new ArrayList<>();
    Object value = key(entity, problems);
    refuse(entity, problems, null);
    return value;
  }

  private Object key(Object entity, List<String> problems) {
    Object value = key.of(entity);
    RecordKey.missing(key.name(), value, problems);
    return problems.isEmpty() ? publishedKey(value, problems) : null;
  }

  private Object publishedKey(Object value, List<String> problems) {
    Object result = custom.get().key(value);
    if (result == null) {
      problems.add("the key that its publisher gives is null");
    }
    return result;
  }

  /** The key as it was, or null if that is not at hand. */
  Object keyAtHand(Object entity) {
    return key.atHand(entity);
  }

  /** A value of {@link #keyAtHand} as consumers know it, {@code unknown} if it is null. */
  Object known(Object atHand, Object unknown) {
    Object value = key.value(atHand);
    return value == null ? unknown : custom.get().key(value);
  }

  /**
   * A new or changed entity.
   *
   * @throws EntityEventException with everything that is wrong with it
   */
  Shot state(Object entity, Change change) {
    EntityPublisher<Object> publisher = custom.get();
    List<String> problems = new ArrayList<>();
    Object recordKey = key(entity, problems);
    Content content = Content.REFUSED;
    CodecException cause = null;
    if (publisher.publishes(entity, change)) {
      Object payload = publisher.payload(entity, attributes(entity));
      byte[] value = null;
      try {
        value = encoded(payload);
      } catch (CodecException e) {
        cause = e;
        problems.addAll(problems(payload, e));
      }
      content = new Content(false, null, value, headers(publisher.headers(entity, change)));
    }
    refuse(entity, problems, cause);
    return new Shot(recordKey, content);
  }

  /** An entity that is deleted. */
  Content deletion(Object entity) {
    EntityPublisher<Object> publisher = custom.get();
    if (!publisher.publishes(entity, Change.DELETE)) {
      return Content.REFUSED;
    }
    try {
      return new Content(
          false,
          encoded(publisher.deletionEvent(entity)),
          encoded(publisher.deletionPayload(entity)),
          headers(publisher.headers(entity, Change.DELETE)));
    } catch (CodecException e) {
      refuse(entity, List.of(e.getMessage()), e);
      throw e;
    }
  }

  /** The records of a change, in order. */
  void messages(Object recordKey, Content content, List<EncodedMessage> into) {
    if (content.refused()) {
      return;
    }
    byte[] encodedKey = format.key(recordKey, null);
    if (content.before() != null) {
      into.add(
          new EncodedMessage(topic, encodedKey, content.before(), content.headers(), null, null));
    }
    into.add(new EncodedMessage(topic, encodedKey, content.value(), content.headers(), null, null));
  }

  private byte[] encoded(Object payload) {
    return payload == null ? null : format.values().encode(topic, payload);
  }

  private Map<String, Object> attributes(Object entity) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    for (Attribute attribute : published) {
      attributes.put(
          attribute.name(),
          embedded.contains(attribute) ? attribute.embedded(entity) : attribute.plain(entity));
    }
    return attributes;
  }

  /** JSON stops at the first value it cannot hold; formats with schemas list all themselves. */
  private List<String> problems(Object payload, CodecException first) {
    List<String> problems = new ArrayList<>();
    if (format.values() == Codecs.json() && payload instanceof Map<?, ?> attributes) {
      attributes.forEach(
          (name, value) -> {
            try {
              format.values().encode(topic, value == null ? "" : value);
            } catch (CodecException e) {
              problems.add(name + " is a " + value.getClass().getName() + " that JSON cannot hold");
            }
          });
    }
    return problems.isEmpty() ? List.of(first.getMessage()) : problems;
  }

  private void refuse(Object entity, List<String> problems, Throwable cause) {
    if (!problems.isEmpty()) {
      throw new EntityEventException(
          shape.name() + " " + shape.idOf(entity), topic, problems, cause);
    }
  }

  private static List<Header> headers(Map<String, String> headers) {
    List<Header> result = new ArrayList<>(headers.size());
    headers.forEach(
        (name, value) ->
            result.add(
                new Header(name, value == null ? null : value.getBytes(StandardCharsets.UTF_8))));
    return result;
  }
}
