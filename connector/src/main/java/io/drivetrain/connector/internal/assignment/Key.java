package io.drivetrain.connector.internal.assignment;

import java.util.Arrays;

/**
 * The key of a record as Kafka holds it; records without one have {@link #NONE} in common.
 * Immutable, as long as nobody writes to its bytes.
 */
final class Key implements Comparable<Key> {
  static final Key NONE = new Key(null);

  private final byte[] bytes;
  private final int hash;

  private Key(byte[] bytes) {
    this.bytes = bytes;
    this.hash = Arrays.hashCode(bytes);
  }

  static Key of(byte[] bytes) {
    return bytes == null ? NONE : new Key(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Key key && hash == key.hash && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** So that a map of keys chosen to have one hash stays fast. */
  @Override
  public int compareTo(Key other) {
    return Arrays.compare(bytes, other.bytes);
  }
}
