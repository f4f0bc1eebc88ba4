package io.drivetrain.entitysync.internal.publish;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Values attached to objects by identity, for as long as the object lives: entities override equals
 * and are used by many threads. A value must not refer to its key. Thread-safe, lock-free for
 * different keys.
 */
final class WeakIdentityMap<K, V> {
  private final ConcurrentHashMap<Object, V> values = new ConcurrentHashMap<>();
  private final ReferenceQueue<K> collected = new ReferenceQueue<>();

  void put(K key, V value) {
    purge();
    values.put(new Weak<>(key, collected), value);
  }

  V get(K key) {
    return values.get(new Lookup(key));
  }

  void remove(K key) {
    values.remove(new Lookup(key));
  }

  int size() {
    purge();
    return values.size();
  }

  private void purge() {
    for (Reference<?> gone = collected.poll(); gone != null; gone = collected.poll()) {
      values.remove(gone);
    }
  }

  private static final class Weak<T> extends WeakReference<T> {
    private final int hash;

    Weak(T referent, ReferenceQueue<? super T> queue) {
      super(referent, queue);
      this.hash = System.identityHashCode(referent);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      return this == other || other instanceof Weak<?> weak && get() != null && get() == weak.get();
    }
  }

  /** Finds a {@link Weak} without making a reference object for the collector to follow. */
  private record Lookup(Object key) {
    @Override
    public int hashCode() {
      return System.identityHashCode(key);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Weak<?> weak && weak.get() == key;
    }
  }
}
