package io.drivetrain.entitysync.internal.publish;

import io.drivetrain.entitysync.internal.mapping.Attribute;
import io.drivetrain.entitysync.internal.mapping.Attribute.Kind;
import java.lang.ref.WeakReference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The attributes that make a publication's record key. Its value is a basic value, or a map of
 * plain values by name if it has several parts. Immutable.
 */
record RecordKey(List<Attribute> attributes) {

  /** The value now; null, or with null parts, if attributes are. */
  Object of(Object entity) {
    if (attributes.size() == 1) {
      Attribute only = attributes.get(0);
      return only.kind() == Kind.EMBEDDED ? only.plain(entity) : only.get(entity);
    }
    Map<String, Object> parts = new LinkedHashMap<>();
    for (Attribute attribute : attributes) {
      parts.put(attribute.name(), attribute.plain(entity));
    }
    return parts;
  }

  /**
   * The value if it is there without loading anything; of an association a weak reference to the
   * other entity, whose id is only asked for when it is needed; null if it is not at hand.
   */
  Object atHand(Object entity) {
    if (isReference()) {
      // Asking it for its id now could load it, in the middle of another load.
      Object remembered = attributes.get(0).remembered(entity);
      return remembered instanceof WeakReference<?> ? remembered : null;
    }
    boolean plain =
        attributes.stream().allMatch(each -> each.kind() != Kind.REFERENCE && !each.isLazy());
    return plain ? of(entity) : null;
  }

  /** The value of what {@link #atHand} gave, null if it has been lost. */
  Object value(Object atHand) {
    if (atHand instanceof WeakReference<?> reference && isReference()) {
      Object referenced = reference.get();
      return referenced == null ? null : attributes.get(0).idOf(referenced);
    }
    return atHand;
  }

  private boolean isReference() {
    return attributes.size() == 1 && attributes.get(0).kind() == Kind.REFERENCE;
  }

  /** What is missing of a value, a sentence each. */
  static void missing(String of, Object value, List<String> problems) {
    if (value == null) {
      problems.add("its key attribute " + of + " is null");
    } else if (value instanceof Map<?, ?> parts) {
      parts.forEach((name, part) -> missing(name.toString(), part, problems));
    }
  }

  String name() {
    return String.join(", ", attributes.stream().map(Attribute::name).toList());
  }
}
