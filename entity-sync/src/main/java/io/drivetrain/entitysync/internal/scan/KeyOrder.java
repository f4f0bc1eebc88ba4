package io.drivetrain.entitysync.internal.scan;

import io.drivetrain.entitysync.internal.mapping.Coercion;
import io.drivetrain.entitysync.internal.mapping.PlainValues;
import io.drivetrain.schema.Codecs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The order in which an entity's rows are read: JPQL for what is behind and up to a key, and a key
 * as the text that is stored. Immutable.
 */
record KeyOrder(List<KeyPath> paths) {
  private static final String TOPIC = "entity_scan";

  String select() {
    return String.join(", ", paths.stream().map(KeyPath::path).toList());
  }

  /** What is behind a key, which may lack its last parts. */
  String after(List<?> key, Map<String, Object> parameters) {
    return compare(">", ">", "after", key, parameters);
  }

  /** What is up to a key, itself included. */
  String upTo(List<?> key, Map<String, Object> parameters) {
    return compare("<", "<=", "upto", key, parameters);
  }

  /** JPQL has no comparison of several values at once. */
  private String compare(
      String strict, String last, String name, List<?> key, Map<String, Object> parameters) {
    int end = key.size() - 1;
    String condition = null;
    for (int i = end; i >= 0; i--) {
      String path = paths.get(i).path();
      String parameter = name + i;
      parameters.put(parameter, key.get(i));
      String here = path + " " + (i == end ? last : strict) + " :" + parameter;
      condition =
          condition == null
              ? here
              : "(" + here + " or (" + path + " = :" + parameter + " and " + condition + "))";
    }
    return condition;
  }

  /** Exactly this key. */
  String is(int number, List<?> key, Map<String, Object> parameters) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      String parameter = "is" + number + "_" + i;
      parameters.put(parameter, key.get(i));
      parts.add(paths.get(i).path() + " = :" + parameter);
    }
    return "(" + String.join(" and ", parts) + ")";
  }

  /** A key as a row of the result of {@link #select} holds it. */
  List<Object> key(Object row) {
    return row instanceof Object[] several ? List.of(several) : List.of(row);
  }

  String store(List<?> key) {
    List<Object> plain = key.stream().map(PlainValues::of).map(KeyOrder::text).toList();
    return new String(Codecs.json().encode(TOPIC, plain), StandardCharsets.UTF_8);
  }

  /** As text, which keeps every digit. */
  private static Object text(Object value) {
    return value instanceof Number ? value.toString() : value;
  }

  /**
   * A stored key.
   *
   * @throws IllegalArgumentException if the entity's key has changed since
   */
  List<Object> restore(String stored) {
    List<?> plain =
        (List<?>) Codecs.json().decode(TOPIC, stored.getBytes(StandardCharsets.UTF_8), List.class);
    if (plain.size() > paths.size()) {
      throw new IllegalArgumentException(
          "the position "
              + stored
              + " does not fit the key "
              + select()
              + "; the entity has changed since: cancel the scan and begin anew");
    }
    List<Object> key = new ArrayList<>();
    for (int i = 0; i < plain.size(); i++) {
      key.add(Coercion.to(paths.get(i).type(), plain.get(i)));
    }
    return key;
  }
}
