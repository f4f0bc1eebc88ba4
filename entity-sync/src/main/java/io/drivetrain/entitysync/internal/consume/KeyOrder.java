package io.drivetrain.entitysync.internal.consume;

import java.util.Comparator;
import java.util.Iterator;
import java.util.List;

/** One order of keys for all consumers, whatever their types: all lock rows in it. Stateless. */
final class KeyOrder implements Comparator<Change> {
  static final KeyOrder INSTANCE = new KeyOrder();

  private KeyOrder() {}

  @Override
  public int compare(Change one, Change other) {
    List<Object> values = one.key().values();
    if (values.isEmpty()) {
      return one.key().decoded().toString().compareTo(other.key().decoded().toString());
    }
    Iterator<Object> others = other.key().values().iterator();
    for (Object value : values) {
      int order = compareValues(value, others.next());
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  @SuppressWarnings("unchecked") // Both are values of one part of a key, so of one type.
  private static int compareValues(Object one, Object other) {
    return one instanceof Comparable<?> comparable
        ? ((Comparable<Object>) comparable).compareTo(other)
        : one.toString().compareTo(other.toString());
  }
}
