package io.drivetrain.tests.benchmark;

import java.math.BigDecimal;

/** A record of the JSON contenders, of about 100 bytes. */
public record Purchase(long id, String customer, String item, int quantity, BigDecimal price) {
  static String json(long id) {
    return "{\"id\":"
        + id
        + ",\"customer\":\"customer-"
        + id % 1_000
        + "\",\"item\":\"a lamp for the desk\",\"quantity\":2,\"price\":19.95}";
  }
}
