package io.drivetrain.tests.benchmark.outbox;

import java.nio.charset.StandardCharsets;

/** The events that all contenders send: 1000 keys, 240 bytes that do not compress to nothing. */
final class Events {
  static final int KEYS = 1_000;

  private Events() {}

  static String key(long number) {
    return Long.toString(number % KEYS);
  }

  static String value(long number) {
    StringBuilder text = new StringBuilder(240).append(number).append(' ');
    long random = number;
    while (text.length() < 240) {
      random = random * 6_364_136_223_846_793_005L + 1;
      text.append(Long.toString(random >>> 1, 36)).append(" item ");
    }
    return text.substring(0, 240);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The number that a value begins with. */
  static int number(byte[] value) {
    int number = 0;
    for (int i = 0; value[i] != ' '; i++) {
      number = number * 10 + value[i] - '0';
    }
    return number;
  }
}
