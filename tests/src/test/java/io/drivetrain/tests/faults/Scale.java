package io.drivetrain.tests.faults;

import io.drivetrain.tests.faults.Invariants.Ordering;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** How much a trial does: little in every build, much with {@code -Pfaults}. */
final class Scale {
  private static final boolean LONG = "long".equals(System.getProperty("drivetrain.faults"));

  private Scale() {}

  static int of(int inEveryBuild, int withTheProfile) {
    return LONG ? withTheProfile : inEveryBuild;
  }

  /** Protocols of the group and what its nodes keep in order: each once, or each with each. */
  static Stream<Arguments> groups() {
    Stream<Arguments> some =
        Stream.of(
            Arguments.of("classic", Ordering.KEY), Arguments.of("consumer", Ordering.PARTITION));
    Stream<Arguments> others =
        Stream.of(
            Arguments.of("classic", Ordering.PARTITION), Arguments.of("consumer", Ordering.KEY));
    return LONG ? Stream.concat(some, others) : some;
  }

  /** One of {@link #groups()} in words. */
  static String describe(String protocol, Ordering ordering) {
    return ", group.protocol="
        + protocol
        + ", ordering="
        + ordering.name().toLowerCase(Locale.ROOT);
  }

  /** Randomness whose seed is printed; {@code -Ddrivetrain.faults.seed=…} repeats it. */
  static Random random(String trial) {
    long seed = Long.getLong("drivetrain.faults.seed", System.nanoTime());
    System.out.println(trial + ": seed " + seed);
    return new Random(seed);
  }
}
