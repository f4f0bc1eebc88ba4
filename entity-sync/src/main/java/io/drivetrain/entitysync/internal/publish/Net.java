package io.drivetrain.entitysync.internal.publish;

import io.drivetrain.entitysync.Published.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What the changes of one entity within one transaction amount to. Null stands for no change. A
 * plain value: changes in, events out.
 *
 * @param existed whether the entity was there before the transaction
 * @param keyBefore the key consumers know it by, if it existed
 * @param farewell what to send to that key when it was deleted, null for a tombstone
 * @param replaced whether it was deleted and created again in between
 * @param exists whether it is there now
 * @param key its key now, if it exists
 * @param state its payload now, if it exists
 */
record Net<K, S>(
    boolean existed, K keyBefore, S farewell, boolean replaced, boolean exists, K key, S state) {

  /** One event to send. */
  sealed interface Event<K, S> {
    /** The entity is gone from this key; null for a tombstone. */
    record Gone<K, S>(K key, S farewell) implements Event<K, S> {}

    /** The entity's state under this key. */
    record Is<K, S>(K key, S state) implements Event<K, S> {}
  }

  static <K, S> Net<K, S> created(Net<K, S> before, K key, S state) {
    if (before == null) {
      return new Net<>(false, null, null, false, true, key, state);
    }
    boolean replaced = before.replaced || !before.exists;
    return new Net<>(before.existed, before.keyBefore, before.farewell, replaced, true, key, state);
  }

  /**
   * An update.
   *
   * @param keyBefore the key as it was loaded, the present one if unknown
   * @param matters whether a watched attribute changed, or might have; an entity already changed in
   *     this transaction takes its last state anyway
   */
  static <K, S> Net<K, S> updated(Net<K, S> before, K keyBefore, K key, S state, boolean matters) {
    if (before != null) {
      return created(before, key, state);
    }
    return matters ? new Net<>(true, keyBefore, null, false, true, key, state) : null;
  }

  static <K, S> Net<K, S> deleted(Net<K, S> before, K keyBefore, S farewell) {
    if (before == null) {
      return new Net<>(true, keyBefore, farewell, false, false, null, null);
    }
    return before.existed
        ? new Net<>(true, before.keyBefore, farewell, false, false, null, null)
        : null;
  }

  /** The events, in order, of which only those of the published kinds of change are made. */
  List<Event<K, S>> events(Set<Change> published) {
    List<Event<K, S>> events = new ArrayList<>(2);
    boolean moved = existed && exists && !Objects.equals(keyBefore, key);
    boolean leaves = existed && (!exists || replaced || moved);
    if (leaves && published.contains(Change.DELETE)) {
      events.add(new Event.Gone<>(keyBefore, farewell));
    }
    Change arrival = existed && !replaced ? Change.UPDATE : Change.CREATE;
    if (exists && published.contains(arrival)) {
      events.add(new Event.Is<>(key, state));
    }
    return events;
  }
}
