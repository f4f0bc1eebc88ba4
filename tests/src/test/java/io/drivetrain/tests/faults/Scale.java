package io.drivetrain.tests.faults;

import java.util.Random;

/** How much a trial does: little in every build, much with {@code -Pfaults}. */
final class Scale {
  private static final boolean LONG = "long".equals(System.getProperty("drivetrain.faults"));

  private Scale() {}

  static int of(int inEveryBuild, int withTheProfile) {
    return LONG ? withTheProfile : inEveryBuild;
  }

  static boolean isLong() {
    return LONG;
  }

  /** Randomness whose seed is printed; {@code -Ddrivetrain.faults.seed=…} repeats it. */
  static Random random(String trial) {
    long seed = Long.getLong("drivetrain.faults.seed", System.nanoTime());
    System.out.println(trial + ": seed " + seed);
    return new Random(seed);
  }
}
