package io.drivetrain.entitysync;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The decoded key of a record that names an entity. Immutable; equal for the same entity. */
public final class EntityKey {
  private final Object decoded;
  private final Map<String, Object> attributes;
  private final List<Object> values;

  /**
   * A key.
   *
   * @param decoded as the record carries it: text, or a map by name
   * @param attributes as the entity holds them, by attribute name and in order; empty if the
   *     consumer finds entities and assigns keys by itself
   */
  public EntityKey(Object decoded, Map<String, Object> attributes) {
    this.decoded = decoded;
    this.attributes = attributes;
    this.values = List.copyOf(attributes.values());
  }

  /** As the record carries it: text, or a map by name. */
  public Object decoded() {
    return decoded;
  }

  /** The value of one of its attributes, in the attribute's type; null if it has none such. */
  public Object get(String attribute) {
    return attributes.get(attribute);
  }

  /** Its attributes' values, in order. */
  public List<Object> values() {
    return values;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EntityKey key
        && values.equals(key.values)
        && (!values.isEmpty() || decoded.equals(key.decoded));
  }

  @Override
  public int hashCode() {
    return values.isEmpty() ? Objects.hashCode(decoded) : values.hashCode();
  }

  @Override
  public String toString() {
    return values.isEmpty() ? String.valueOf(decoded) : values.toString();
  }
}
