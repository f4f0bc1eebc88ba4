package io.drivetrain.connector.internal.assignment;

import java.util.Arrays;

/**
 * Offsets that are done ahead of a position, as ranges. A range may span offsets that hold no
 * record: nothing will ever be read there. Immutable.
 */
final class DoneOffsets {
  static final DoneOffsets NONE = new DoneOffsets(0, new long[0]);

  private final long base;

  /** From, to, from, to …, ascending, all different; "to" is the offset after the range. */
  private final long[] bounds;

  private DoneOffsets(long base, long[] bounds) {
    this.base = base;
    this.bounds = bounds;
  }

  /** The position they are ahead of. */
  long base() {
    return base;
  }

  boolean isEmpty() {
    return bounds.length == 0;
  }

  /** How many ranges there are. */
  int ranges() {
    return bounds.length / 2;
  }

  /** Where a range begins. */
  long from(int range) {
    return bounds[2 * range];
  }

  /** The offset after a range. */
  long to(int range) {
    return bounds[2 * range + 1];
  }

  boolean contains(long offset) {
    int found = Arrays.binarySearch(bounds, offset);
    int boundsUpToIt = found >= 0 ? found + 1 : -found - 1;
    return boundsUpToIt % 2 == 1;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DoneOffsets offsets
        && base == offsets.base
        && Arrays.equals(bounds, offsets.bounds);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(base) + 31 * Arrays.hashCode(bounds);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("ahead of ").append(base).append(":");
    for (int i = 0; i < ranges(); i++) {
      text.append(' ').append(from(i)).append("..").append(to(i) - 1);
    }
    return text.toString();
  }

  /** Collects ranges in ascending order. */
  static final class Builder {
    private final long base;
    private long[] bounds = new long[16];
    private int size;

    Builder(long base) {
      this.base = base;
    }

    /**
     * A range that begins where the last one ended, or later; an empty one is ignored.
     *
     * @throws IllegalArgumentException if it begins or ends earlier
     */
    Builder add(long from, long to) {
      if (to < from || from < (size == 0 ? base : bounds[size - 1])) {
        throw new IllegalArgumentException(from + " to " + to + " is not behind the range before");
      }
      if (to == from) {
        return this;
      }
      if (size > 0 && bounds[size - 1] == from) {
        bounds[size - 1] = to;
        return this;
      }
      if (size == bounds.length) {
        bounds = Arrays.copyOf(bounds, 2 * size);
      }
      bounds[size++] = from;
      bounds[size++] = to;
      return this;
    }

    DoneOffsets build() {
      return size == 0 ? NONE : new DoneOffsets(base, Arrays.copyOf(bounds, size));
    }
  }
}
