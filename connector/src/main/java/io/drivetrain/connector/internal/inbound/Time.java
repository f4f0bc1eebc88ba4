package io.drivetrain.connector.internal.inbound;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The time a channel lives by. Thread-safe. */
public interface Time {

  /** Nanoseconds that never go backwards, for pauses; only differences mean something. */
  long nanos();

  /** The wall clock, for people. */
  Instant instant();

  /** The longest a thread may sleep before it looks at this clock again. */
  default Duration patience() {
    return Duration.ofSeconds(1);
  }

  /** The machine's time: a step of the wall clock neither shortens nor lengthens a pause. */
  static Time system() {
    return new Time() {
      @Override
      public long nanos() {
        return System.nanoTime();
      }

      @Override
      public Instant instant() {
        return Instant.now();
      }
    };
  }

  /** A clock somebody else moves, in tests. */
  static Time of(InstantSource source) {
    return new Time() {
      private final Instant origin = source.instant();

      @Override
      public long nanos() {
        return Duration.between(origin, source.instant()).toNanos();
      }

      @Override
      public Instant instant() {
        return source.instant();
      }

      @Override
      public Duration patience() {
        return Duration.ofMillis(10);
      }
    };
  }
}
